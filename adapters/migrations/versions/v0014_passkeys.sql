-- Passkeys by the digest of their credential id; the keys are in identity.second_factor, encrypted.

CREATE TABLE identity.passkey (
    tenant_id text COLLATE "C" NOT NULL,
    credential bytea NOT NULL,              -- SHA-256 of the credential id
    user_id text COLLATE "C" NOT NULL,
    factor_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, credential)
);
CREATE INDEX passkeys_of_user ON identity.passkey (tenant_id, user_id);

CREATE TABLE identity.passkey_challenge (
    tenant_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,                  -- SHA-256; deleted by use
    purpose text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,      -- empty before a sign-in
    sign_in_id uuid,                        -- NULL before a sign-in
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, digest)
);
CREATE INDEX passkey_challenges_by_expiry ON identity.passkey_challenge (tenant_id, expires_at);

DO $$
DECLARE
    of_tenants text;
BEGIN
    FOREACH of_tenants IN ARRAY ARRAY['passkey', 'passkey_challenge']
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
