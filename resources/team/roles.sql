-- Roles of a team's workspace (多人工作库的角色): 核查 verifier, 复核 reviewer, 查看 reader.
-- version 1, 2026-11-27; which acts belong to which role is [assumed] from the practice of the offices (facts/practice.md 4.3-4.4).
--
-- The algorithm weipian:teamroles runs this. By hand, as owner of the schema, for a schema called weipian:
--   CREATE ROLE weipian_verifier NOLOGIN; CREATE ROLE weipian_reviewer NOLOGIN; CREATE ROLE weipian_reader NOLOGIN;
--   psql -v schema=weipian -v verifier=weipian_verifier -v reviewer=weipian_reviewer -v reader=weipian_reader -f roles.sql
-- It may be run again at any time; nothing of the data is changed.

CREATE TABLE IF NOT EXISTS :"schema".team_member (login text NOT NULL, township text NOT NULL, PRIMARY KEY (login, township));
COMMENT ON TABLE :"schema".team_member IS '乡镇权限：登录名，乡镇（* 为全部）';

-- Whether the login of this session may write to all townships, to one, to the township of a parcel, to what hangs on a photo.
CREATE OR REPLACE FUNCTION :"schema".team_everywhere() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM team_member m WHERE m.login = session_user AND m.township = '*') $$;
CREATE OR REPLACE FUNCTION :"schema".team_may(township text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM team_member m WHERE m.login = session_user AND m.township IN ('*', $1)) $$;
CREATE OR REPLACE FUNCTION :"schema".team_may_parcel(parcel text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM team_member m LEFT JOIN parcel p ON p.number = $1
                 WHERE m.login = session_user AND m.township IN ('*', p.township)) $$;
CREATE OR REPLACE FUNCTION :"schema".team_may_photo(sha256 text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM photo_parcel l WHERE l.photo = $1 AND NOT team_may_parcel(l.parcel)) $$;
CREATE OR REPLACE FUNCTION :"schema".team_reviews() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
  SELECT pg_has_role(session_user, n.nspowner, 'member') OR EXISTS (
    SELECT 1 FROM pg_roles r WHERE r.rolname = current_schema() || '_reviewer' AND pg_has_role(session_user, r.oid, 'member'))
  FROM pg_namespace n WHERE n.nspname = current_schema() $$;

-- A review is a reviewer's act: neither made nor forged by others.
CREATE OR REPLACE FUNCTION :"schema".team_review_only() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = :"schema", pg_temp AS $$
BEGIN
  IF team_reviews() THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.action, NEW.state, NEW.reviewed_by, NEW.decided_by, NEW.parcel, NEW.part)
     IS NOT DISTINCT FROM (OLD.action, OLD.state, OLD.reviewed_by, OLD.decided_by, OLD.parcel, OLD.part) THEN
    RETURN NEW;
  END IF;
  IF NEW.action IN ('review', 'reject') OR NEW.state = '已复核' OR (coalesce(NEW.reviewed_by, '') <> '' AND NOT EXISTS (
      SELECT 1 FROM decision d WHERE d.parcel = NEW.parcel AND d.part IS NOT DISTINCT FROM NEW.part
        AND d.action = 'review' AND d.reviewed_by = NEW.reviewed_by)) THEN
    RAISE EXCEPTION 'only a reviewer reviews' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS team_review_only ON :"schema".decision;
CREATE TRIGGER team_review_only BEFORE INSERT OR UPDATE ON :"schema".decision
  FOR EACH ROW EXECUTE FUNCTION :"schema".team_review_only();

-- Everybody of the team reads everything; who writes a row is told by its township.
CREATE OR REPLACE FUNCTION :"schema".team_rule(name text, who text, condition text) RETURNS void LANGUAGE plpgsql
  SET search_path = :"schema", pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('DROP POLICY IF EXISTS team_read ON %I', name);
  EXECUTE format('CREATE POLICY team_read ON %I FOR SELECT USING (true)', name);
  EXECUTE format('DROP POLICY IF EXISTS %I ON %I', 'team_write_' || who, name);
  EXECUTE format('CREATE POLICY %I ON %I FOR ALL TO %I USING (%s) WITH CHECK (%s)', 'team_write_' || who, name, who, condition, condition);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', name, who);
END $$;

GRANT USAGE ON SCHEMA :"schema" TO :"verifier", :"reviewer", :"reader";
REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" FROM :"verifier", :"reviewer", :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO :"verifier", :"reviewer", :"reader";
-- Tables that a later release adds can be read at once; what may be written in them, these rules say when they are run again.
ALTER DEFAULT PRIVILEGES IN SCHEMA :"schema" GRANT SELECT ON TABLES TO :"verifier", :"reviewer", :"reader";
GRANT INSERT ON :"schema".journal TO :"verifier", :"reviewer";

-- 核查: what is found and decided about parcels of one's townships.
SELECT :"schema".team_rule('parcel', :'verifier', '(SELECT team_everywhere()) OR team_may(township)');
SELECT :"schema".team_rule(name, :'verifier', '(SELECT team_everywhere()) OR team_may_parcel(parcel)')
  FROM unnest(ARRAY['decision', 'draft', 'photo_parcel', 'document', 'rectification', 'enforcement_case', 'field_result', 'first_seen', 'package']) AS name;
SELECT :"schema".team_rule('photo', :'verifier', '(SELECT team_everywhere()) OR team_may_photo(sha256)');
SELECT :"schema".team_rule('patrol', :'verifier', 'coalesce(parcel, '''') = '''' OR (SELECT team_everywhere()) OR team_may_parcel(parcel)');
SELECT :"schema".team_rule('setting', :'verifier', 'name LIKE ''state:%'' OR name = ''journal_checked''');

-- 复核: the same in one's townships, reviews, and with all townships (*) the steps of the work.
SELECT :"schema".team_rule('parcel', :'reviewer', '(SELECT team_everywhere()) OR team_may(township)');
SELECT :"schema".team_rule(name, :'reviewer', '(SELECT team_everywhere()) OR team_may_parcel(parcel)')
  FROM unnest(ARRAY['coverage', 'measure', 'region', 'part', 'proposal', 'decision', 'draft', 'photo_parcel', 'document', 'rectification',
                    'enforcement_case', 'problem', 'package', 'change_hint', 'first_seen', 'field_result']) AS name;
SELECT :"schema".team_rule('photo', :'reviewer', '(SELECT team_everywhere()) OR team_may_photo(sha256)');
SELECT :"schema".team_rule('patrol', :'reviewer', 'coalesce(parcel, '''') = '''' OR (SELECT team_everywhere()) OR team_may_parcel(parcel)');
SELECT :"schema".team_rule('setting', :'reviewer', '(SELECT team_everywhere()) OR name LIKE ''state:%'' OR name = ''journal_checked''');
SELECT :"schema".team_rule(name, :'reviewer', '(SELECT team_everywhere())') FROM unnest(ARRAY['batch', 'refusal', 'layer']) AS name;
