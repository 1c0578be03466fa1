"""The council: seats, votes, comments and reservations, resources, and the regular meeting."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:55:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "council"

SEATS = """
CREATE TABLE ks.seat (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    key text NOT NULL CHECK (key ~ '^[a-z_]{2,40}$'),
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
    position smallint NOT NULL,
    presides boolean NOT NULL DEFAULT false,
    votes boolean NOT NULL DEFAULT true,
    PRIMARY KEY (tenant_id, key)
);
"""

# Until now a membership named its seat in words. The wall holds for the owner too, so that each
# municipality is gone into by itself.
NAMED_SEATS = """
DO $$
DECLARE
    town uuid;
BEGIN
    FOR town IN SELECT id FROM ks.municipality LOOP
        PERFORM set_config('ks.tenant_id', town::text, true);
        INSERT INTO ks.seat (tenant_id, key, label, position, presides, votes) VALUES
            (town, 'board_chair', 'Kommunstyrelsens ordförande', 1, true, true),
            (town, 'board_first_vice', 'Kommunstyrelsens förste vice ordförande', 2, true, true),
            (town, 'board_second_vice', 'Kommunstyrelsens andre vice ordförande', 3, true, true),
            (town, 'education_chair', 'Ordförande i barn- och utbildningsnämnden', 4, false, true),
            (town, 'culture_chair', 'Ordförande i kultur- och samhällsservicenämnden', 5, false,
             true),
            (town, 'social_chair', 'Ordförande i arbetsmarknads- och socialnämnden', 6, false,
             true),
            (town, 'housing_company', 'Kommunala bostadsbolaget', 7, false, true),
            (town, 'lpo_chief', 'Chef för lokalpolisområdet, adjungerad', 8, false, false);
        -- A seat that the source does not name is kept as one of the municipality's own.
        INSERT INTO ks.seat (tenant_id, key, label, position, presides, votes)
        SELECT town, 'own_' || chr(96 + row_number() OVER (ORDER BY own.seat)::int),
               left(own.seat, 120), 8 + row_number() OVER (ORDER BY own.seat), false, own.votes
        FROM (SELECT membership.seat, bool_or(role = 'steering_member') AS votes
              FROM ks.membership
              WHERE membership.seat <> '' AND NOT EXISTS (
                  SELECT FROM ks.seat
                  WHERE membership.seat IN (label, replace(label, ', adjungerad', '')))
              GROUP BY membership.seat) AS own;
        UPDATE ks.membership SET seat = (
            SELECT key FROM ks.seat
            WHERE left(membership.seat, 120) IN (label, replace(label, ', adjungerad', '')))
        WHERE seat IS NOT NULL;
    END LOOP;
    PERFORM set_config('ks.tenant_id', '', true);
END
$$;
ALTER TABLE ks.membership
    ADD FOREIGN KEY (tenant_id, seat) REFERENCES ks.seat (tenant_id, key);
"""

# A seat has one vote and a person one, whoever held the seat before: a vote that is changed takes
# the place of the one it replaces, until the decision counts and closes them.
VOTES = """
CREATE TABLE ks.vote (
    tenant_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    seat text NOT NULL,
    choice text NOT NULL CHECK (choice IN ('for', 'against', 'abstain')),
    motive text NOT NULL DEFAULT '' CHECK (length(motive) <= 600),
    cast_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, proposal_id, seat),
    UNIQUE (tenant_id, proposal_id, person_id),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES ks.proposal (tenant_id, id),
    FOREIGN KEY (tenant_id, seat) REFERENCES ks.seat (tenant_id, key)
);
CREATE TABLE ks.reservation (
    tenant_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, proposal_id, person_id),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES ks.decision (tenant_id, proposal_id)
);
CREATE TABLE ks.comment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    said_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES ks.proposal (tenant_id, id)
);
CREATE INDEX ON ks.comment (tenant_id, proposal_id, said_at);
CREATE TABLE ks.resource_frame (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    year smallint NOT NULL,
    money_kr integer NOT NULL CHECK (money_kr BETWEEN 0 AND 2000000000),
    hours integer NOT NULL CHECK (hours BETWEEN 0 AND 10000000),
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.resource_frame (tenant_id, year, set_at DESC);
"""

# The agenda fills itself from what has happened; a row is what somebody added or decided there.
MEETINGS = """
CREATE TABLE ks.meeting (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    held_at timestamptz NOT NULL,
    place text NOT NULL CHECK (length(place) BETWEEN 1 AND 120),
    called_by uuid NOT NULL,
    called_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.meeting (tenant_id, held_at DESC);
CREATE TABLE ks.agenda_item (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    raised_by uuid NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES ks.meeting (tenant_id, id)
);
CREATE TABLE ks.meeting_decision (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    about text NOT NULL CHECK (length(about) BETWEEN 1 AND 300),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES ks.meeting (tenant_id, id)
);
CREATE INDEX ON ks.meeting_decision (tenant_id, meeting_id, decided_at);
CREATE TABLE ks.attendance (
    tenant_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    noted_by uuid NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, meeting_id, person_id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES ks.meeting (tenant_id, id)
);
CREATE TABLE ks.minutes (
    tenant_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    content jsonb NOT NULL,
    approved_by uuid NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, meeting_id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES ks.meeting (tenant_id, id)
);
"""

APPEND_ONLY = (
    "reservation",
    "comment",
    "resource_frame",
    "agenda_item",
    "meeting_decision",
    "minutes",
)
CHANGING = ("seat", "meeting")

forwards = migration(
    ID,
    DESCRIPTION,
    SEATS,
    VOTES,
    MEETINGS,
    *(wall(table, grants="SELECT, INSERT") for table in APPEND_ONLY),
    *(wall(table, grants="SELECT, INSERT, UPDATE") for table in CHANGING),
    wall("vote", grants="SELECT, INSERT, DELETE"),
    wall("attendance", grants="SELECT, INSERT, DELETE"),
    NAMED_SEATS,
)
