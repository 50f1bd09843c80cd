-- What is known of erasures beside their facts. Certificates outlast the people they are about.

CREATE SCHEMA privacy;

CREATE TABLE privacy.erasure (
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    terms bytea,                            -- sealed under a key of the erasure; NULL once it is over
    certificate text,                       -- JSON; NULL until there is one
    due_at timestamptz,                     -- NULL where nobody waits for it
    PRIMARY KEY (tenant_id, user_id)
);

-- Archives of what is known of people, made for them; the files lie in the data folder.
CREATE TABLE privacy.personal_export (
    tenant_id text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    held_until timestamptz NOT NULL,        -- so long somebody is at work on it
    files integer NOT NULL,
    size bigint NOT NULL,                   -- bytes
    problem_code text COLLATE "C",
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX exports_of_user ON privacy.personal_export (tenant_id, user_id);

DO $$
DECLARE
    of_tenants text;
BEGIN
    FOREACH of_tenants IN ARRAY ARRAY['erasure', 'personal_export'] LOOP
        EXECUTE format('ALTER TABLE privacy.%I ENABLE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format('ALTER TABLE privacy.%I FORCE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format(
            'CREATE POLICY app_works ON privacy.%I TO kinelog_app'
            ' USING (tenant_id = (SELECT current_setting(''kinelog.tenant'', true)))',
            of_tenants
        );
    END LOOP;
END
$$;

-- The keys that sign certificates belong to the platform, and verify for ever.
CREATE TABLE privacy.certificate_key (
    kid text COLLATE "C" PRIMARY KEY,
    wrapped bytea NOT NULL,
    public_key text NOT NULL,               -- a JSON Web Key
    made_at timestamptz NOT NULL
);

REVOKE ALL ON ALL TABLES IN SCHEMA privacy FROM PUBLIC;
GRANT USAGE ON SCHEMA privacy TO kinelog_app;
GRANT SELECT, INSERT, UPDATE ON privacy.erasure TO kinelog_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.personal_export TO kinelog_app;
GRANT SELECT, INSERT ON privacy.certificate_key TO kinelog_app;
