-- Former signing keys, for anchors of the event log that they signed, and the newest daily anchor of
-- each tenant. The KMS wraps the thumbprints, so the owner of the database cannot add any.

CREATE TABLE identity.former_signing_key (
    kid text COLLATE "C" PRIMARY KEY,
    sealed bytea NOT NULL
);

-- Rows of the platform: an audit has to find tenants whose events were all removed.
CREATE TABLE identity.newest_anchor (
    tenant text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    digest bytea NOT NULL                   -- SHA-256
);

REVOKE ALL ON identity.former_signing_key, identity.newest_anchor FROM PUBLIC;
GRANT SELECT, INSERT ON identity.former_signing_key TO kinelog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.newest_anchor TO kinelog_app;
