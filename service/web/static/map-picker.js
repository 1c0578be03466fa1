// Point out a place: Leaflet is fetched when the map tab is opened, ground and areas are our own.
(() => {
  let leaflet = null;

  function fetchLeaflet(box) {
    leaflet ??= new Promise((resolve, reject) => {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: box.dataset.style });
      const script = Object.assign(document.createElement("script"), { src: box.dataset.leaflet });
      script.addEventListener("load", () => resolve(window.L));
      script.addEventListener("error", () => { leaflet = null; reject(new Error("no map")); });
      document.head.append(style, script);
    });
    return leaflet;
  }
  const json = async (address) => {
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const flipped = (ring) => ring.map(([longitude, latitude]) => [latitude, longitude]);

  // The municipality's own map: paths in tiles, drawn as SVG so that they have the page's colours.
  const SVG = "http://www.w3.org/2000/svg";
  function layOut(L, map, own, bounds) {
    const Tiles = L.GridLayer.extend({
      createTile({ x, y, z }, done) {
        const tile = document.createElementNS(SVG, "svg");
        tile.setAttribute("viewBox", "0 0 2048 2048");
        tile.setAttribute("class", "own-map");
        json(`${own.tiles}/${z}/${x}/${y}`).then((paths) => {
          for (const [kind, drawn] of Object.entries(paths)) {
            const path = document.createElementNS(SVG, "path");
            path.setAttribute("class", kind);
            path.setAttribute("d", drawn);
            tile.append(path);
          }
          done(null, tile);
        }, (error) => done(error, tile));
        return tile;
      },
    });
    own.levels.forEach((level, n) => {
      const tiles = new Tiles({
        bounds, minNativeZoom: level, maxNativeZoom: level,
        minZoom: n ? level : map.getMinZoom(), maxZoom: n + 1 < own.levels.length ? own.levels[n + 1] - 1 : map.getMaxZoom(),
      }).addTo(map);
      // Tiles that are shown larger than they are have their lines magnified with them.
      const thin = () => tiles.getContainer()?.style.setProperty("--thin", 0.7 ** (map.getZoom() - level));
      tiles.on("add", thin);
      map.on("zoomend", thin);
      thin();
    });
    // Leaflet sets an attribution as HTML, and this one somebody typed.
    map.attributionControl.addAttribution(Object.assign(document.createElement("span"), { textContent: own.attribution }).innerHTML);
  }

  // Even-odd rule over all rings of a GeoJSON polygon; the server decides in the end.
  function holds(boundary, { lat, lng }) {
    const polygons = boundary.type === "Polygon" ? [boundary.coordinates] : boundary.coordinates;
    let inside = false;
    for (const ring of polygons.flat()) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [x, y] = ring[i], [u, v] = ring[j];
        if ((y > lat) !== (v > lat) && lng < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
      }
    }
    return inside;
  }
  function nearest(areas, at) {
    const scale = Math.cos((at.lat * Math.PI) / 180);
    const far = (area) => (area.latitude - at.lat) ** 2 + ((area.longitude - at.lng) * scale) ** 2;
    const named = areas.filter((area) => area.kind !== "rest");
    return named.find((area) => holds(area.boundary, at))
      ?? areas.find((area) => area.kind === "rest" && holds(area.boundary, at))
      ?? [...(named.length ? named : areas)].sort((a, b) => far(a) - far(b))[0];
  }

  async function open(form) {
    const box = form.querySelector("#map-picker");
    if (!box || box.dataset.opened) return;
    box.dataset.opened = "yes";
    const said = form.querySelector("#map-said"), asked = said.textContent;
    const latitude = form.querySelector('[name="latitude"]'), longitude = form.querySelector('[name="longitude"]');
    try {
      const [L, ground, areas, own] = await Promise.all([
        fetchLeaflet(box), json(box.dataset.ground), json(box.dataset.areas), json(box.dataset.own).catch(() => ({})),
      ]);
      draw(L, ground, areas, own);
    } catch {
      delete box.dataset.opened;
      box.hidden = true;
      said.textContent = box.dataset.failed;
    }

    function draw(L, ground, areas, own) {
      box.hidden = false;
      const map = L.map(box, { zoomControl: false, minZoom: 7, maxZoom: 17, zoomSnap: 0.5, attributionControl: true });
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", box.dataset.label);
      map.attributionControl.setPrefix(false).addAttribution(ground.attribution);
      L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
      // Background lies still: an interactive polygon would be a tab stop without a name.
      map.createPane("ground").style.zIndex = 150; // Below the tiles.
      const shape = (rings, className) => L.polygon(rings.map(flipped), { pane: "ground", className, interactive: false, weight: 1, smoothFactor: 1.5, fillRule: "evenodd" }).addTo(map);
      if (ground.surroundings.length) shape(ground.surroundings, "land around");
      if (ground.land.length) shape(ground.land, "land");
      if (ground.lakes.length) shape(ground.lakes, "lake");
      if (own.tiles) layOut(L, map, own, ground.bounds);
      const drawn = new Map();
      for (const area of areas) {
        if (area.kind === "rest") continue;
        drawn.set(area.id, L.geoJSON(area.boundary, { interactive: false, className: "area", weight: 1 }).addTo(map));
      }
      // Names are drawn by us: no glyphs, no tiles, nothing from elsewhere.
      for (const place of ground.localities.slice(0, 12)) {
        L.tooltip({ permanent: true, direction: "right", className: "place-name", interactive: false, opacity: 1 })
          .setLatLng([place.latitude, place.longitude]).setContent(Object.assign(document.createElement("span"), { textContent: place.name })).addTo(map);
      }
      const sign = L.divIcon({ className: "pin", iconSize: [28, 28] });
      let pin = null, lit = null;

      function point(at, typed = true) {
        latitude.value = at.lat.toFixed(4);
        longitude.value = at.lng.toFixed(4);
        const area = nearest(areas, at);
        if (pin) pin.setLatLng(at);
        else pin = L.marker(at, { icon: sign, alt: box.dataset.marker, keyboard: false }).addTo(map);
        lit?.eachLayer((layer) => layer.getElement()?.classList.remove("chosen"));
        lit = area ? drawn.get(area.id) ?? null : null;
        lit?.eachLayer((layer) => layer.getElement()?.classList.add("chosen"));
        said.dataset.name = area?.name ?? "";
        said.textContent = area ? box.dataset.chosen.replace("{name}", area.name) : "";
        if (typed) latitude.dispatchEvent(new Event("input", { bubbles: true }));
      }

      map.fitBounds(areas.length ? spread(L, areas, ground) : ground.bounds);
      map.on("click", (event) => point(event.latlng));
      // By keyboard: the arrows move the map, Enter takes its middle.
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== box) return;
        event.preventDefault();
        point(map.getCenter());
      });
      // The pin is where the form says, also once it has been emptied or holds another report.
      function follow() {
        if (latitude.value && longitude.value) return point(L.latLng(Number(latitude.value), Number(longitude.value)), false);
        pin?.remove();
        lit?.eachLayer((layer) => layer.getElement()?.classList.remove("chosen"));
        pin = lit = null;
        said.dataset.name = "";
        said.textContent = asked;
      }
      for (const name of ["report:ready", "report:kept"]) form.addEventListener(name, follow);
      follow();
      form.querySelector("[data-here]").addEventListener("click", () => {
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => { const at = L.latLng(coords.latitude, coords.longitude); map.setView(at, 14); point(at); },
          () => { said.textContent = box.dataset.nowhere; },
          { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
        );
      });
    }
  }
  function spread(L, areas, ground) {
    const named = areas.filter((area) => area.kind !== "rest");
    return named.length > 1 ? L.latLngBounds(named.map((area) => [area.latitude, area.longitude])).pad(0.1) : ground.bounds;
  }

  function look(form) {
    if (form?.querySelector('[name="place"][value="map"]')?.checked) open(form);
  }
  document.addEventListener("change", (event) => look(event.target.closest("form[data-draft]")));
  document.addEventListener("report:ready", (event) => look(event.target));
})();
