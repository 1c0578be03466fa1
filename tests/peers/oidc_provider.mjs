// A certified OpenID provider (npm `oidc-provider`) on loopback, honest until it is told to lie.
//
//   node tests/peers/oidc_provider.mjs PORT REDIRECT_URI BACKCHANNEL_URI JWKS_URI
//
// POST /peer/lie {…} bends what it answers from then on, POST /peer/rotate changes its keys,
// POST /peer/end {subject} ends that subject's sessions with a back-channel log-out and answers
// how many there were.
import { createHmac, createSign, generateKeyPairSync, createPublicKey, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, redirectUri, backchannelUri, jwksUri] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const origin = new URL(redirectUri).origin;

function makeKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  return { privateKey, jwk: { ...jwk, kid: randomBytes(6).toString('hex'), use: 'sig', alg: 'RS256' } };
}
let own = makeKey();
const stranger = makeKey();
let lie = {};
const client = {
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [`${origin}/`],
  backchannel_logout_uri: backchannelUri,
  backchannel_logout_session_required: true,
};

function makeProvider() {
  const made = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'by-secret', client_secret: 'hemlig: 100 % + mer' },
      { ...client, client_id: 'by-key', token_endpoint_auth_method: 'private_key_jwt', jwks_uri: jwksUri,
        redirect_uris: [redirectUri.replace(/[^/]*$/, (name) => `${name}-nyckel`)] },
    ],
    jwks: { keys: [own.jwk] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    acrValues: ['urn:loa2', 'urn:loa3'],
    claims: { openid: ['sub'], profile: ['name'], acr: null, auth_time: null, sid: null, amr: null, iss: null },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, name: `Prov ${sub}` }) }),
    interactions: { url: (ctx, interaction) => `/peer/log-in/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    // Its own dispatcher calls no address on this machine, which is where everybody is here.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    ttl: { Interaction: 600, Session: 3600, Grant: 600, AccessToken: 600, IdToken: 300, AuthorizationCode: 60 },
  });
  made.use(async (ctx, next) => {
    await next();
    bend(ctx);
  });
  return made;
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));
function merge(whole, parts) {
  const merged = { ...whole, ...parts };
  for (const [name, value] of Object.entries(parts)) if (value === null) delete merged[name];
  return merged;
}

function sign(header, payload, key) {
  const input = `${encode(header)}.${payload}`;
  if (key === 'none') return `${input}.`;
  if (key === 'public' || key === 'empty') {
    const secret = key === 'empty' ? '' : createPublicKey(own.privateKey).export({ type: 'spki', format: 'pem' });
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  }
  const used = key === 'stranger' ? stranger : own;
  const hash = header.alg === 'RS512' ? 'RSA-SHA512' : 'RSA-SHA256';
  return `${input}.${createSign(hash).update(input).sign(used.privateKey).toString('base64url')}`;
}

function bentToken(honest) {
  const [head, body, signature] = honest.split('.');
  if (lie.token !== undefined) return lie.token;
  if (lie.cut) return honest.split('.').slice(0, lie.cut).join('.');
  if (lie.afterSigning) return [head, encode(merge(decode(body), lie.afterSigning)), signature].join('.');
  const header = merge(decode(head), lie.header || {});
  if (lie.ownKeyInHeader) header.jwk = createPublicKey(stranger.privateKey).export({ format: 'jwk' });
  const now = Math.floor(Date.now() / 1000);
  const claims = merge(decode(body), lie.claims || {});
  for (const [name, seconds] of Object.entries(lie.times || {})) claims[name] = now + seconds;
  const payload = lie.twice ? encode(`${JSON.stringify(claims).slice(0, -1)},"sub":"offer"}`)
    : lie.payload !== undefined ? encode(lie.payload) : encode(claims);
  return sign(header, payload, lie.key);
}

function bend(ctx) {
  const answer = (lie.answers || {})[ctx.path];
  if (answer) {
    ctx.status = answer.status || 200;
    for (const [name, value] of Object.entries(answer.headers || {})) ctx.set(name, value);
    ctx.body = answer.size ? Buffer.alloc(answer.size, 32) : answer.body ?? '';
    return;
  }
  if (ctx.path === '/.well-known/openid-configuration' && lie.metadata) ctx.body = merge(ctx.body, lie.metadata);
  if (ctx.path === '/jwks' && lie.keys !== undefined) ctx.body = { keys: lie.keys };
  if (ctx.path === '/jwks' && lie.eachKey) ctx.body = { keys: ctx.body.keys.map((key) => merge(key, lie.eachKey)) };
  if (ctx.path === '/token' && ctx.body?.id_token) {
    const bent = lie.claims || lie.header || lie.key || lie.times || lie.token !== undefined || lie.cut
      || lie.afterSigning || lie.twice || lie.payload !== undefined || lie.ownKeyInHeader;
    if (bent) ctx.body = { ...ctx.body, id_token: bentToken(ctx.body.id_token) };
    if (lie.tokens) ctx.body = merge(ctx.body, lie.tokens);
  }
  if (ctx.path === '/me' && lie.userinfo) ctx.body = merge(ctx.body, lie.userinfo);
  const location = ctx.response.get('location') || '';
  if (lie.redirect && location.startsWith(redirectUri)) {
    const url = new URL(location);
    for (const [name, value] of Object.entries(lie.redirect)) {
      url.searchParams.delete(name);
      for (const one of [value].flat()) if (one !== null) url.searchParams.append(name, one);
    }
    ctx.set('location', url.href);
  }
}

let provider = makeProvider();
const calls = [];
const read = async (request) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
};

const { createServer } = await import('node:http');
createServer(async (request, response) => {
  const json = (value) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  const path = request.url.split('?')[0];
  if (path === '/peer/lie') { lie = JSON.parse(await read(request)); calls.length = 0; return json({}); }
  if (path === '/peer/calls') return json(calls);
  if (path === '/peer/rotate') { own = makeKey(); provider = makeProvider(); return json({}); }
  if (path === '/peer/forge') { const { header, claims, key } = JSON.parse(await read(request));
    return json({ token: sign(merge({ alg: 'RS256', typ: 'logout+jwt', kid: own.jwk.kid }, header || {}), encode(claims), key) }); }
  if (path.startsWith('/peer/log-in/')) {
    // What a person would do on the provider's page: say who they are, by the means it offers.
    const asked = new URL(request.url, issuer).searchParams;
    const details = await provider.interactionDetails(request, response);
    const login = { accountId: asked.get('who'), remember: false, amr: ['pwd'] };
    const wanted = (details.params.acr_values || '').split(' ')[0];
    if (wanted) login.acr = wanted;
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  calls.push(`${request.method} ${path}`);
  if ((lie.slow || {})[path]) await new Promise((wake) => setTimeout(wake, lie.slow[path]));
  return provider.callback()(request, response);
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
