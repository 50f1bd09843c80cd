-- What is known of accounts beside their facts. It lies apart from the log, which is kept for ever,
-- and from the read models, which analysts may see: here only the application is let in.

CREATE SCHEMA identity;

-- The key under which everything about a person is sealed. Destroying it forgets the person.
CREATE TABLE identity.subject_key (
    tenant_id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    wrapped bytea,                          -- NULL once it is destroyed
    destroyed_at timestamptz,
    PRIMARY KEY (tenant_id, subject),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE identity.identities (
    tenant_id text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,     -- or `email`
    subject bytea NOT NULL,                 -- HMAC-SHA256 with a key of the tenant
    user_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, provider, subject)
);
CREATE INDEX identities_of_user ON identity.identities (tenant_id, user_id);

CREATE TABLE identity.credential (
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    password_hash text NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

CREATE TABLE identity.sign_in (
    tenant_id text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    began_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sign_ins_of_user ON identity.sign_in (tenant_id, user_id);

CREATE TABLE identity.refresh_token (
    tenant_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,                  -- SHA-256
    sign_in_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, digest)
);
CREATE INDEX refresh_tokens_of_sign_in ON identity.refresh_token (tenant_id, sign_in_id);

CREATE TABLE identity.single_use_link (
    tenant_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,                  -- SHA-256
    purpose text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, digest)
);
CREATE INDEX links_of_user ON identity.single_use_link (tenant_id, user_id);

-- The keys that sign tokens belong to the platform.
CREATE TABLE identity.signing_key (
    kid text COLLATE "C" PRIMARY KEY,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL,
    verifies_until timestamptz              -- NULL while it signs
);

-- Who sees which rows. Whoever has named no tenant sees none.
DO $$
DECLARE
    of_tenants text;
BEGIN
    FOREACH of_tenants IN ARRAY ARRAY[
        'subject_key', 'identities', 'credential', 'sign_in', 'refresh_token', 'single_use_link'
    ]
    LOOP
        EXECUTE format('ALTER TABLE identity.%I ENABLE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format('ALTER TABLE identity.%I FORCE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format(
            'CREATE POLICY app_works ON identity.%I TO kinelog_app'
            ' USING (tenant_id = (SELECT current_setting(''kinelog.tenant'', true)))',
            of_tenants
        );
    END LOOP;
END
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA identity FROM PUBLIC;
GRANT USAGE ON SCHEMA identity TO kinelog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity TO kinelog_app;
REVOKE DELETE ON identity.subject_key FROM kinelog_app; -- a destroyed key is remembered
