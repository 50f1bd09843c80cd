-- Second factors of accounts: secrets are encrypted with the key of the person, codes are digests.

CREATE TABLE identity.second_factor (
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    counter bigint NOT NULL,                -- last time step whose code was used
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id, id)
);

CREATE TABLE identity.recovery_code (
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,                  -- SHA-256
    PRIMARY KEY (tenant_id, user_id, digest)
);

CREATE TABLE identity.factor_attempts (
    tenant_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    failures bigint NOT NULL,               -- since the last success
    last_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);

CREATE TABLE identity.confirmed_sign_in (
    tenant_id text COLLATE "C" NOT NULL,
    sign_in_id uuid NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sign_in_id)
);
CREATE INDEX confirmed_sign_ins_of_user ON identity.confirmed_sign_in (tenant_id, user_id);

DO $$
DECLARE
    of_tenants text;
BEGIN
    FOREACH of_tenants IN ARRAY ARRAY[
        'second_factor', 'recovery_code', 'factor_attempts', 'confirmed_sign_in'
    ]
    LOOP
        EXECUTE format('ALTER TABLE identity.%I ENABLE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format('ALTER TABLE identity.%I FORCE ROW LEVEL SECURITY', of_tenants);
        EXECUTE format(
            'CREATE POLICY app_works ON identity.%I TO kinelog_app'
            ' USING (tenant_id = (SELECT current_setting(''kinelog.tenant'', true)))',
            of_tenants
        );
        EXECUTE format('REVOKE ALL ON identity.%I FROM PUBLIC', of_tenants);
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON identity.%I TO kinelog_app', of_tenants
        );
    END LOOP;
END
$$;
