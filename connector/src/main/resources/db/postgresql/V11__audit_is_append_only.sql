CREATE FUNCTION audit_is_append_only() RETURNS trigger AS 'BEGIN
  RAISE EXCEPTION ''the audit log is append-only'';
END' LANGUAGE plpgsql;

CREATE TRIGGER audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
