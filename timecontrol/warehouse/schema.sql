CREATE SCHEMA core;
ALTER SCHEMA core OWNER TO owner;
CREATE SCHEMA ledger;
ALTER SCHEMA ledger OWNER TO owner;
CREATE SCHEMA ops;
ALTER SCHEMA ops OWNER TO owner;
CREATE SCHEMA payroll;
ALTER SCHEMA payroll OWNER TO owner;
CREATE SCHEMA policy;
ALTER SCHEMA policy OWNER TO owner;
CREATE SCHEMA raw;
ALTER SCHEMA raw OWNER TO owner;
CREATE FUNCTION core.announce_outbox() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    notify outbox;
    return null;
end
$$;
ALTER FUNCTION core.announce_outbox() OWNER TO owner;
CREATE PROCEDURE ops.grant_insert(IN table_name regclass, IN role_name name)
    LANGUAGE plpgsql
    AS $$
declare
    column_list text;
begin
    select string_agg(quote_ident(attname), ', ')
    into column_list
    from pg_attribute
    where attrelid = table_name and attnum > 0 and not attisdropped and attname <> 'xid';
    execute format('grant insert (%s), select on %s to %I', column_list, table_name, role_name);
end
$$;
ALTER PROCEDURE ops.grant_insert(IN table_name regclass, IN role_name name) OWNER TO owner;
CREATE FUNCTION policy.announce_parameter() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    insert into core.outbox (topic, record_key, headers, value)
    values (
        'core.changes.v1',
        'policy_parameter:' || new.policy || '/' || new.parameter,
        jsonb_build_array(
            jsonb_build_array('ce_specversion', '1.0'),
            jsonb_build_array('ce_type', 'timecontrol.core-change.v1'),
            jsonb_build_array('ce_id', 'policy_parameter/' || new.version_id),
            jsonb_build_array('ce_source', 'policy_files'),
            jsonb_build_array('content-type', 'application/json')
        ),
        convert_to(jsonb_build_object(
            'entity', 'policy_parameter',
            'id', new.policy || '/' || new.parameter,
            'change', case when new.removed then 'deleted' else 'updated' end,
            'data', jsonb_build_object(
                'policy', new.policy, 'parameter', new.parameter,
                'valid_from', new.valid_from, 'value', new.value, 'reference', new.reference
            ),
            'actor', 'policy_files',
            'at', new.loaded_at
        )::text, 'UTF8')
    );
    return null;
end
$$;
ALTER FUNCTION policy.announce_parameter() OWNER TO owner;
CREATE FUNCTION raw.current_xid() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((pg_current_xact_id())::text)::bigint;
ALTER FUNCTION raw.current_xid() OWNER TO owner;
CREATE TABLE core.accounts (
    account_id uuid NOT NULL,
    login text NOT NULL,
    employee_id text,
    password_hash text NOT NULL,
    roles text[] NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE core.accounts OWNER TO owner;
CREATE TABLE core.administrative_acts (
    act_id bigint NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    subject text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    acted_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.administrative_acts OWNER TO owner;
ALTER TABLE core.administrative_acts ALTER COLUMN act_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.administrative_acts_act_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.badges (
    version_id bigint NOT NULL,
    device_id text NOT NULL,
    device_user text NOT NULL,
    employee_id text NOT NULL,
    valid_from timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    valid_to timestamp with time zone DEFAULT 'infinity'::timestamp with time zone NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.badges OWNER TO owner;
ALTER TABLE core.badges ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.badges_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.corrections (
    version_id bigint NOT NULL,
    correction_id uuid NOT NULL,
    employee_id text NOT NULL,
    status text NOT NULL,
    change jsonb NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT corrections_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'approved'::text, 'refused'::text])))
);
ALTER TABLE core.corrections OWNER TO owner;
ALTER TABLE core.corrections ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.corrections_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.employees (
    version_id bigint NOT NULL,
    employee_id text NOT NULL,
    valid_from date DEFAULT '-infinity'::date NOT NULL,
    name text NOT NULL,
    email text,
    site_id text,
    team text,
    manager_id text,
    time_zone text,
    cost_center text,
    active boolean DEFAULT true NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.employees OWNER TO owner;
ALTER TABLE core.employees ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.employees_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.holidays (
    version_id bigint NOT NULL,
    site_id text NOT NULL,
    holiday date NOT NULL,
    name text NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.holidays OWNER TO owner;
ALTER TABLE core.holidays ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.holidays_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.leave (
    version_id bigint NOT NULL,
    leave_id text NOT NULL,
    employee_id text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    first_day date,
    last_day date,
    leave_type text DEFAULT 'leave'::text NOT NULL,
    status text DEFAULT 'approved'::text NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT leave_check CHECK ((ends_at > starts_at)),
    CONSTRAINT leave_status_check CHECK ((status = ANY (ARRAY['requested'::text, 'approved'::text, 'refused'::text])))
);
ALTER TABLE core.leave OWNER TO owner;
ALTER TABLE core.leave ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.leave_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.outbox (
    outbox_id bigint NOT NULL,
    topic text NOT NULL,
    record_key text NOT NULL,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    topic_id text,
    topic_partition integer,
    topic_offset bigint,
    event_id uuid GENERATED ALWAYS AS (
CASE
    WHEN (topic = 'punches.v1'::text) THEN ((jsonb_path_query_first(headers, 'strict $[*]?(@[0] == "ce_id")[1]'::jsonpath) #>> '{}'::text[]))::uuid
    ELSE NULL::uuid
END) STORED
);
ALTER TABLE core.outbox OWNER TO owner;
ALTER TABLE core.outbox ALTER COLUMN outbox_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.outbox_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.policy_assignments (
    version_id bigint NOT NULL,
    employee_id text NOT NULL,
    valid_from date DEFAULT '-infinity'::date NOT NULL,
    policy text,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.policy_assignments OWNER TO owner;
ALTER TABLE core.policy_assignments ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.policy_assignments_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.shift_patterns (
    version_id bigint NOT NULL,
    pattern_id text NOT NULL,
    employee_id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    week jsonb NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.shift_patterns OWNER TO owner;
ALTER TABLE core.shift_patterns ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.shift_patterns_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.shifts (
    version_id bigint NOT NULL,
    shift_id text NOT NULL,
    employee_id text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    breaks jsonb DEFAULT '[]'::jsonb NOT NULL,
    site_id text,
    pattern_id text,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT shifts_check CHECK ((ends_at > starts_at))
);
ALTER TABLE core.shifts OWNER TO owner;
ALTER TABLE core.shifts ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.shifts_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.sites (
    version_id bigint NOT NULL,
    site_id text NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    deleted boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE core.sites OWNER TO owner;
ALTER TABLE core.sites ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.sites_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.tokens (
    token_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    kind text NOT NULL,
    account_id uuid,
    device_id text,
    site_id text,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT tokens_kind_check CHECK ((kind = ANY (ARRAY['device'::text, 'person'::text])))
);
ALTER TABLE core.tokens OWNER TO owner;
CREATE TABLE ledger.pay_periods (
    period text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CONSTRAINT pay_periods_check CHECK ((ends_on >= starts_on))
);
ALTER TABLE ledger.pay_periods OWNER TO owner;
CREATE TABLE ops.employee_now (
    employee_id text NOT NULL,
    now_at timestamp with time zone NOT NULL
);
ALTER TABLE ops.employee_now OWNER TO owner;
CREATE TABLE ops.heartbeat (
    name text NOT NULL,
    beat_at timestamp with time zone NOT NULL
);
ALTER TABLE ops.heartbeat OWNER TO owner;
CREATE TABLE ops.run_requests (
    run_id bigint NOT NULL,
    employee_id text,
    from_day date NOT NULL,
    to_day date NOT NULL,
    CONSTRAINT run_requests_check CHECK ((to_day >= from_day))
);
ALTER TABLE ops.run_requests OWNER TO owner;
CREATE TABLE ops.runs (
    run_id bigint NOT NULL,
    previous_watermark bigint NOT NULL,
    watermark bigint NOT NULL,
    now_at timestamp with time zone NOT NULL,
    full_refresh boolean NOT NULL,
    reason text NOT NULL,
    status text NOT NULL,
    touched_weeks integer,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    error text,
    models_sha256 text,
    CONSTRAINT runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text])))
);
ALTER TABLE ops.runs OWNER TO owner;
ALTER TABLE ops.runs ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.runs_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ops.takeovers (
    taker text NOT NULL,
    run_id bigint NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ops.takeovers OWNER TO owner;
CREATE TABLE payroll.employees (
    employee_id text NOT NULL,
    name text NOT NULL,
    site_id text,
    cost_center text
);
ALTER TABLE payroll.employees OWNER TO owner;
CREATE TABLE payroll.manifests (
    period text NOT NULL,
    watermark bigint NOT NULL,
    row_count integer NOT NULL,
    seconds bigint NOT NULL,
    employee_count integer NOT NULL,
    sha256 text NOT NULL,
    computed_at timestamp with time zone NOT NULL
);
ALTER TABLE payroll.manifests OWNER TO owner;
CREATE TABLE payroll.pay_lines (
    employee_id text NOT NULL,
    workday date NOT NULL,
    pay_code text NOT NULL,
    source text NOT NULL,
    period text NOT NULL,
    seconds bigint NOT NULL,
    multiplier numeric(6,3) NOT NULL,
    on_top boolean NOT NULL,
    policy text NOT NULL,
    cost_center text,
    site_id text
);
ALTER TABLE payroll.pay_lines OWNER TO owner;
CREATE TABLE policy.parameters (
    version_id bigint NOT NULL,
    policy text NOT NULL,
    parameter text NOT NULL,
    valid_from date NOT NULL,
    value jsonb NOT NULL,
    reference text,
    file text NOT NULL,
    line integer NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE policy.parameters OWNER TO owner;
ALTER TABLE policy.parameters ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME policy.parameters_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE policy.pay_codes (
    version_id bigint NOT NULL,
    pay_code text NOT NULL,
    title text NOT NULL,
    multiplier numeric(6,3) NOT NULL,
    on_top boolean NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE policy.pay_codes OWNER TO owner;
ALTER TABLE policy.pay_codes ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME policy.pay_codes_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE policy.policies (
    version_id bigint NOT NULL,
    policy text NOT NULL,
    title text NOT NULL,
    extends text,
    removed boolean DEFAULT false NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE policy.policies OWNER TO owner;
ALTER TABLE policy.policies ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME policy.policies_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE raw.batches (
    batch_id bigint NOT NULL,
    cluster_id text NOT NULL,
    topic_id text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    row_count integer NOT NULL,
    repeat_count integer NOT NULL,
    quarantined_count integer NOT NULL,
    committed_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    gap_count integer DEFAULT 0 NOT NULL
);
ALTER TABLE raw.batches OWNER TO owner;
ALTER TABLE raw.batches ALTER COLUMN batch_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME raw.batches_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE raw.files (
    file_sha256 text NOT NULL,
    file_name text NOT NULL,
    format text NOT NULL,
    site_id text NOT NULL,
    device_id text NOT NULL,
    time_zone text NOT NULL,
    mapping jsonb,
    byte_count bigint NOT NULL,
    line_count integer NOT NULL,
    punch_count integer NOT NULL,
    quarantined_count integer NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE raw.files OWNER TO owner;
CREATE TABLE raw.hr_image (
    table_name text NOT NULL,
    row_key text NOT NULL,
    row_data jsonb NOT NULL,
    gtid text NOT NULL,
    row_number bigint NOT NULL,
    snapshot_id uuid,
    version integer NOT NULL,
    topic_partition integer NOT NULL,
    punch_event_id uuid
);
ALTER TABLE raw.hr_image OWNER TO owner;
CREATE TABLE raw.hr_snapshots (
    snapshot_id uuid NOT NULL,
    started_gtid text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE raw.hr_snapshots OWNER TO owner;
CREATE TABLE raw.hr_streams (
    topic_partition integer NOT NULL,
    snapshot_id uuid NOT NULL,
    snapshot_ended boolean NOT NULL,
    marks jsonb NOT NULL
);
ALTER TABLE raw.hr_streams OWNER TO owner;
CREATE TABLE raw.hr_versions (
    version_id bigint NOT NULL,
    table_name text NOT NULL,
    row_key text NOT NULL,
    op text NOT NULL,
    deleted boolean NOT NULL,
    row_data jsonb,
    gtid text NOT NULL,
    row_number bigint NOT NULL,
    snapshot_id uuid,
    changed_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    topic_partition integer NOT NULL,
    topic_offset bigint NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT hr_versions_op_check CHECK ((op = ANY (ARRAY['snapshot'::text, 'insert'::text, 'update'::text, 'delete'::text])))
);
ALTER TABLE raw.hr_versions OWNER TO owner;
ALTER TABLE raw.hr_versions ALTER COLUMN version_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME raw.hr_versions_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE raw.positions (
    cluster_id text NOT NULL,
    topic_id text NOT NULL,
    partition integer NOT NULL,
    topic text NOT NULL,
    next_offset bigint NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    leader_epoch integer
);
ALTER TABLE raw.positions OWNER TO owner;
CREATE TABLE raw.punch_ids (
    event_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    CONSTRAINT punch_ids_content_hash_check CHECK ((octet_length(content_hash) = 16))
);
ALTER TABLE raw.punch_ids OWNER TO owner;
CREATE TABLE raw.punches (
    event_id uuid NOT NULL,
    employee_id text NOT NULL,
    kind text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    device_id text NOT NULL,
    site_id text,
    cost_center text,
    break_type text,
    supersedes uuid,
    voids uuid,
    reason text,
    actor text,
    attributes jsonb,
    origin text,
    topic_partition integer NOT NULL,
    topic_offset bigint NOT NULL,
    batch_id bigint NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT punches_break_type_check CHECK ((break_type = ANY (ARRAY['meal'::text, 'rest'::text, 'other'::text, 'sleep'::text]))),
    CONSTRAINT punches_kind_check CHECK ((kind = ANY (ARRAY['clock_in'::text, 'clock_out'::text, 'break_start'::text, 'break_end'::text, 'unknown'::text])))
);
ALTER TABLE raw.punches OWNER TO owner;
CREATE TABLE raw.quarantine (
    quarantine_id bigint NOT NULL,
    source text NOT NULL,
    place text NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    payload bytea NOT NULL,
    record_key bytea,
    headers jsonb,
    topic text,
    topic_partition integer,
    topic_offset bigint,
    file_sha256 text,
    file_line integer,
    batch_id bigint,
    quarantined_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL
);
ALTER TABLE raw.quarantine OWNER TO owner;
ALTER TABLE raw.quarantine ALTER COLUMN quarantine_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME raw.quarantine_quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE raw.quarantine_resolutions (
    quarantine_id bigint NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    reason text,
    resolved_at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT raw.current_xid() NOT NULL,
    CONSTRAINT quarantine_resolutions_action_check CHECK ((action = ANY (ARRAY['replayed'::text, 'discarded'::text])))
);
ALTER TABLE raw.quarantine_resolutions OWNER TO owner;
ALTER TABLE ONLY core.accounts
    ADD CONSTRAINT accounts_login_key UNIQUE (login);
ALTER TABLE ONLY core.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (account_id);
ALTER TABLE ONLY core.administrative_acts
    ADD CONSTRAINT administrative_acts_pkey PRIMARY KEY (act_id);
ALTER TABLE ONLY core.badges
    ADD CONSTRAINT badges_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.corrections
    ADD CONSTRAINT corrections_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.employees
    ADD CONSTRAINT employees_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.holidays
    ADD CONSTRAINT holidays_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.leave
    ADD CONSTRAINT leave_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id);
ALTER TABLE ONLY core.policy_assignments
    ADD CONSTRAINT policy_assignments_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.shift_patterns
    ADD CONSTRAINT shift_patterns_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.shifts
    ADD CONSTRAINT shifts_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY core.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (token_id);
ALTER TABLE ONLY core.tokens
    ADD CONSTRAINT tokens_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY ledger.pay_periods
    ADD CONSTRAINT pay_periods_pkey PRIMARY KEY (period);
ALTER TABLE ONLY ops.employee_now
    ADD CONSTRAINT employee_now_pkey PRIMARY KEY (employee_id);
ALTER TABLE ONLY ops.heartbeat
    ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (name);
ALTER TABLE ONLY ops.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY ops.takeovers
    ADD CONSTRAINT takeovers_pkey PRIMARY KEY (taker);
ALTER TABLE ONLY payroll.employees
    ADD CONSTRAINT employees_pkey PRIMARY KEY (employee_id);
ALTER TABLE ONLY payroll.manifests
    ADD CONSTRAINT manifests_pkey PRIMARY KEY (period);
ALTER TABLE ONLY payroll.pay_lines
    ADD CONSTRAINT pay_lines_pkey PRIMARY KEY (employee_id, workday, pay_code, source);
ALTER TABLE ONLY policy.parameters
    ADD CONSTRAINT parameters_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY policy.pay_codes
    ADD CONSTRAINT pay_codes_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY policy.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY raw.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (batch_id);
ALTER TABLE ONLY raw.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (file_sha256);
ALTER TABLE ONLY raw.hr_image
    ADD CONSTRAINT hr_image_pkey PRIMARY KEY (table_name, row_key);
ALTER TABLE ONLY raw.hr_snapshots
    ADD CONSTRAINT hr_snapshots_pkey PRIMARY KEY (snapshot_id);
ALTER TABLE ONLY raw.hr_streams
    ADD CONSTRAINT hr_streams_pkey PRIMARY KEY (topic_partition);
ALTER TABLE ONLY raw.hr_versions
    ADD CONSTRAINT hr_versions_pkey PRIMARY KEY (version_id);
ALTER TABLE ONLY raw.positions
    ADD CONSTRAINT positions_pkey PRIMARY KEY (cluster_id, topic_id, partition);
ALTER TABLE ONLY raw.punch_ids
    ADD CONSTRAINT punch_ids_pkey PRIMARY KEY (event_id);
ALTER TABLE ONLY raw.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id);
CREATE INDEX badges_user ON core.badges USING btree (device_id, device_user);
CREATE INDEX corrections_correction ON core.corrections USING btree (correction_id, version_id);
CREATE INDEX employees_employee ON core.employees USING btree (employee_id, valid_from);
CREATE INDEX leave_employee ON core.leave USING btree (employee_id, starts_at);
CREATE INDEX outbox_sent ON core.outbox USING btree (topic_id, topic_partition, topic_offset) WHERE (topic_id IS NOT NULL);
CREATE INDEX outbox_to_send ON core.outbox USING btree (outbox_id) WHERE (topic_id IS NULL);
CREATE INDEX policy_assignments_employee ON core.policy_assignments USING btree (employee_id, valid_from);
CREATE INDEX shifts_employee ON core.shifts USING btree (employee_id, starts_at);
CREATE INDEX shifts_employee_end ON core.shifts USING btree (employee_id, ends_at);
CREATE INDEX shifts_shift ON core.shifts USING btree (shift_id, version_id);
CREATE INDEX shifts_xid ON core.shifts USING brin (xid) WITH (pages_per_range='32');
CREATE INDEX run_requests_run ON ops.run_requests USING btree (run_id);
CREATE UNIQUE INDEX runs_one_running ON ops.runs USING btree (status) WHERE (status = 'running'::text);
CREATE INDEX pay_lines_period ON payroll.pay_lines USING btree (period);
CREATE INDEX parameters_key ON policy.parameters USING btree (policy, parameter, valid_from, version_id);
CREATE UNIQUE INDEX batches_place ON raw.batches USING btree (cluster_id, topic_id, partition, first_offset);
CREATE INDEX hr_image_partition ON raw.hr_image USING btree (topic_partition, snapshot_id);
CREATE INDEX hr_versions_row ON raw.hr_versions USING btree (table_name, row_key, version_id);
CREATE INDEX hr_versions_xid ON raw.hr_versions USING brin (xid) WITH (pages_per_range='32');
CREATE INDEX punches_employee_instant ON raw.punches USING btree (employee_id, occurred_at);
CREATE INDEX punches_offset ON raw.punches USING brin (topic_offset) WITH (pages_per_range='32');
CREATE INDEX punches_supersedes ON raw.punches USING btree (supersedes) WHERE (supersedes IS NOT NULL);
CREATE INDEX punches_voids ON raw.punches USING btree (voids) WHERE (voids IS NOT NULL);
CREATE INDEX punches_xid ON raw.punches USING brin (xid) WITH (pages_per_range='32');
CREATE INDEX quarantine_payload ON raw.quarantine USING btree (sha256(payload), quarantined_at);
CREATE UNIQUE INDEX quarantine_place ON raw.quarantine USING btree (source, place);
CREATE INDEX quarantine_quarantined_at ON raw.quarantine USING btree (quarantined_at);
CREATE INDEX quarantine_xid ON raw.quarantine USING btree (xid, quarantine_id);
CREATE TRIGGER announce AFTER INSERT ON core.outbox FOR EACH STATEMENT EXECUTE FUNCTION core.announce_outbox();
CREATE TRIGGER announce AFTER INSERT ON policy.parameters FOR EACH ROW EXECUTE FUNCTION policy.announce_parameter();
ALTER TABLE ONLY core.tokens
    ADD CONSTRAINT tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES core.accounts(account_id);
ALTER TABLE ONLY ops.run_requests
    ADD CONSTRAINT run_requests_run_id_fkey FOREIGN KEY (run_id) REFERENCES ops.runs(run_id);
ALTER TABLE ONLY ops.takeovers
    ADD CONSTRAINT takeovers_run_id_fkey FOREIGN KEY (run_id) REFERENCES ops.runs(run_id);
ALTER TABLE ONLY raw.quarantine_resolutions
    ADD CONSTRAINT quarantine_resolutions_quarantine_id_fkey FOREIGN KEY (quarantine_id) REFERENCES raw.quarantine(quarantine_id);
GRANT USAGE ON SCHEMA core TO operator;
GRANT USAGE ON SCHEMA core TO ingest;
GRANT USAGE ON SCHEMA core TO core;
GRANT USAGE ON SCHEMA core TO transform;
GRANT USAGE ON SCHEMA ledger TO operator;
GRANT USAGE ON SCHEMA ledger TO transform;
GRANT USAGE ON SCHEMA ledger TO payroll;
GRANT USAGE ON SCHEMA ledger TO reader;
GRANT USAGE ON SCHEMA ledger TO replication;
GRANT USAGE ON SCHEMA ops TO operator;
GRANT USAGE ON SCHEMA ops TO core;
GRANT USAGE ON SCHEMA ops TO transform;
GRANT USAGE ON SCHEMA ops TO reader;
GRANT USAGE ON SCHEMA ops TO ingest;
GRANT USAGE ON SCHEMA payroll TO operator;
GRANT USAGE ON SCHEMA payroll TO transform;
GRANT USAGE ON SCHEMA payroll TO payroll;
GRANT USAGE ON SCHEMA payroll TO reader;
GRANT USAGE ON SCHEMA payroll TO replication;
GRANT USAGE ON SCHEMA policy TO operator;
GRANT USAGE ON SCHEMA policy TO core;
GRANT USAGE ON SCHEMA policy TO transform;
GRANT USAGE ON SCHEMA raw TO operator;
GRANT USAGE ON SCHEMA raw TO ingest;
GRANT USAGE ON SCHEMA raw TO core;
GRANT USAGE ON SCHEMA raw TO transform;
GRANT USAGE ON SCHEMA raw TO archive;
REVOKE ALL ON FUNCTION policy.announce_parameter() FROM PUBLIC;
GRANT SELECT ON TABLE core.accounts TO core;
GRANT INSERT(account_id) ON TABLE core.accounts TO core;
GRANT INSERT(login) ON TABLE core.accounts TO core;
GRANT INSERT(employee_id),UPDATE(employee_id) ON TABLE core.accounts TO core;
GRANT INSERT(password_hash),UPDATE(password_hash) ON TABLE core.accounts TO core;
GRANT INSERT(roles),UPDATE(roles) ON TABLE core.accounts TO core;
GRANT INSERT(active),UPDATE(active) ON TABLE core.accounts TO core;
GRANT INSERT(created_at) ON TABLE core.accounts TO core;
GRANT SELECT ON TABLE core.administrative_acts TO core;
GRANT SELECT ON TABLE core.administrative_acts TO transform;
GRANT INSERT(act_id) ON TABLE core.administrative_acts TO core;
GRANT INSERT(actor) ON TABLE core.administrative_acts TO core;
GRANT INSERT(act) ON TABLE core.administrative_acts TO core;
GRANT INSERT(subject) ON TABLE core.administrative_acts TO core;
GRANT INSERT(detail) ON TABLE core.administrative_acts TO core;
GRANT INSERT(acted_at) ON TABLE core.administrative_acts TO core;
GRANT SELECT ON TABLE core.badges TO core;
GRANT SELECT ON TABLE core.badges TO ingest;
GRANT SELECT ON TABLE core.badges TO transform;
GRANT INSERT(version_id) ON TABLE core.badges TO core;
GRANT INSERT(device_id) ON TABLE core.badges TO core;
GRANT INSERT(device_user) ON TABLE core.badges TO core;
GRANT INSERT(employee_id) ON TABLE core.badges TO core;
GRANT INSERT(valid_from) ON TABLE core.badges TO core;
GRANT INSERT(valid_to) ON TABLE core.badges TO core;
GRANT INSERT(deleted) ON TABLE core.badges TO core;
GRANT INSERT(actor) ON TABLE core.badges TO core;
GRANT INSERT(recorded_at) ON TABLE core.badges TO core;
GRANT SELECT ON TABLE core.corrections TO core;
GRANT SELECT ON TABLE core.corrections TO transform;
GRANT INSERT(version_id) ON TABLE core.corrections TO core;
GRANT INSERT(correction_id) ON TABLE core.corrections TO core;
GRANT INSERT(employee_id) ON TABLE core.corrections TO core;
GRANT INSERT(status) ON TABLE core.corrections TO core;
GRANT INSERT(change) ON TABLE core.corrections TO core;
GRANT INSERT(reason) ON TABLE core.corrections TO core;
GRANT INSERT(actor) ON TABLE core.corrections TO core;
GRANT INSERT(recorded_at) ON TABLE core.corrections TO core;
GRANT SELECT ON TABLE core.employees TO core;
GRANT SELECT ON TABLE core.employees TO ingest;
GRANT SELECT ON TABLE core.employees TO transform;
GRANT INSERT(version_id) ON TABLE core.employees TO core;
GRANT INSERT(employee_id) ON TABLE core.employees TO core;
GRANT INSERT(valid_from) ON TABLE core.employees TO core;
GRANT INSERT(name) ON TABLE core.employees TO core;
GRANT INSERT(email) ON TABLE core.employees TO core;
GRANT INSERT(site_id) ON TABLE core.employees TO core;
GRANT INSERT(team) ON TABLE core.employees TO core;
GRANT INSERT(manager_id) ON TABLE core.employees TO core;
GRANT INSERT(time_zone) ON TABLE core.employees TO core;
GRANT INSERT(cost_center) ON TABLE core.employees TO core;
GRANT INSERT(active) ON TABLE core.employees TO core;
GRANT INSERT(facts) ON TABLE core.employees TO core;
GRANT INSERT(deleted) ON TABLE core.employees TO core;
GRANT INSERT(actor) ON TABLE core.employees TO core;
GRANT INSERT(recorded_at) ON TABLE core.employees TO core;
GRANT SELECT ON TABLE core.holidays TO core;
GRANT SELECT ON TABLE core.holidays TO transform;
GRANT INSERT(version_id) ON TABLE core.holidays TO core;
GRANT INSERT(site_id) ON TABLE core.holidays TO core;
GRANT INSERT(holiday) ON TABLE core.holidays TO core;
GRANT INSERT(name) ON TABLE core.holidays TO core;
GRANT INSERT(deleted) ON TABLE core.holidays TO core;
GRANT INSERT(actor) ON TABLE core.holidays TO core;
GRANT INSERT(recorded_at) ON TABLE core.holidays TO core;
GRANT SELECT ON TABLE core.leave TO core;
GRANT SELECT ON TABLE core.leave TO transform;
GRANT INSERT(version_id) ON TABLE core.leave TO core;
GRANT INSERT(leave_id) ON TABLE core.leave TO core;
GRANT INSERT(employee_id) ON TABLE core.leave TO core;
GRANT INSERT(starts_at) ON TABLE core.leave TO core;
GRANT INSERT(ends_at) ON TABLE core.leave TO core;
GRANT INSERT(first_day) ON TABLE core.leave TO core;
GRANT INSERT(last_day) ON TABLE core.leave TO core;
GRANT INSERT(leave_type) ON TABLE core.leave TO core;
GRANT INSERT(status) ON TABLE core.leave TO core;
GRANT INSERT(deleted) ON TABLE core.leave TO core;
GRANT INSERT(actor) ON TABLE core.leave TO core;
GRANT INSERT(recorded_at) ON TABLE core.leave TO core;
GRANT SELECT ON TABLE core.outbox TO core;
GRANT SELECT,DELETE ON TABLE core.outbox TO ingest;
GRANT SELECT ON TABLE core.outbox TO transform;
GRANT INSERT(outbox_id) ON TABLE core.outbox TO core;
GRANT INSERT(outbox_id) ON TABLE core.outbox TO ingest;
GRANT INSERT(topic) ON TABLE core.outbox TO core;
GRANT INSERT(topic) ON TABLE core.outbox TO ingest;
GRANT INSERT(record_key) ON TABLE core.outbox TO core;
GRANT INSERT(record_key) ON TABLE core.outbox TO ingest;
GRANT INSERT(headers) ON TABLE core.outbox TO core;
GRANT INSERT(headers) ON TABLE core.outbox TO ingest;
GRANT INSERT(value) ON TABLE core.outbox TO core;
GRANT INSERT(value) ON TABLE core.outbox TO ingest;
GRANT INSERT(created_at) ON TABLE core.outbox TO core;
GRANT INSERT(created_at) ON TABLE core.outbox TO ingest;
GRANT UPDATE(topic_id) ON TABLE core.outbox TO ingest;
GRANT UPDATE(topic_partition) ON TABLE core.outbox TO ingest;
GRANT UPDATE(topic_offset) ON TABLE core.outbox TO ingest;
GRANT SELECT ON TABLE core.policy_assignments TO core;
GRANT SELECT ON TABLE core.policy_assignments TO transform;
GRANT INSERT(version_id) ON TABLE core.policy_assignments TO core;
GRANT INSERT(employee_id) ON TABLE core.policy_assignments TO core;
GRANT INSERT(valid_from) ON TABLE core.policy_assignments TO core;
GRANT INSERT(policy) ON TABLE core.policy_assignments TO core;
GRANT INSERT(deleted) ON TABLE core.policy_assignments TO core;
GRANT INSERT(actor) ON TABLE core.policy_assignments TO core;
GRANT INSERT(recorded_at) ON TABLE core.policy_assignments TO core;
GRANT SELECT ON TABLE core.shift_patterns TO core;
GRANT SELECT ON TABLE core.shift_patterns TO transform;
GRANT INSERT(version_id) ON TABLE core.shift_patterns TO core;
GRANT INSERT(pattern_id) ON TABLE core.shift_patterns TO core;
GRANT INSERT(employee_id) ON TABLE core.shift_patterns TO core;
GRANT INSERT(valid_from) ON TABLE core.shift_patterns TO core;
GRANT INSERT(valid_to) ON TABLE core.shift_patterns TO core;
GRANT INSERT(week) ON TABLE core.shift_patterns TO core;
GRANT INSERT(deleted) ON TABLE core.shift_patterns TO core;
GRANT INSERT(actor) ON TABLE core.shift_patterns TO core;
GRANT INSERT(recorded_at) ON TABLE core.shift_patterns TO core;
GRANT SELECT ON TABLE core.shifts TO core;
GRANT SELECT ON TABLE core.shifts TO transform;
GRANT INSERT(version_id) ON TABLE core.shifts TO core;
GRANT INSERT(shift_id) ON TABLE core.shifts TO core;
GRANT INSERT(employee_id) ON TABLE core.shifts TO core;
GRANT INSERT(starts_at) ON TABLE core.shifts TO core;
GRANT INSERT(ends_at) ON TABLE core.shifts TO core;
GRANT INSERT(breaks) ON TABLE core.shifts TO core;
GRANT INSERT(site_id) ON TABLE core.shifts TO core;
GRANT INSERT(pattern_id) ON TABLE core.shifts TO core;
GRANT INSERT(deleted) ON TABLE core.shifts TO core;
GRANT INSERT(actor) ON TABLE core.shifts TO core;
GRANT INSERT(recorded_at) ON TABLE core.shifts TO core;
GRANT SELECT ON TABLE core.sites TO core;
GRANT SELECT ON TABLE core.sites TO ingest;
GRANT SELECT ON TABLE core.sites TO transform;
GRANT INSERT(version_id) ON TABLE core.sites TO core;
GRANT INSERT(site_id) ON TABLE core.sites TO core;
GRANT INSERT(name) ON TABLE core.sites TO core;
GRANT INSERT(time_zone) ON TABLE core.sites TO core;
GRANT INSERT(deleted) ON TABLE core.sites TO core;
GRANT INSERT(actor) ON TABLE core.sites TO core;
GRANT INSERT(recorded_at) ON TABLE core.sites TO core;
GRANT SELECT ON TABLE core.tokens TO core;
GRANT INSERT(token_id) ON TABLE core.tokens TO core;
GRANT INSERT(token_hash) ON TABLE core.tokens TO core;
GRANT INSERT(kind) ON TABLE core.tokens TO core;
GRANT INSERT(account_id) ON TABLE core.tokens TO core;
GRANT INSERT(device_id) ON TABLE core.tokens TO core;
GRANT INSERT(site_id) ON TABLE core.tokens TO core;
GRANT INSERT(expires_at),UPDATE(expires_at) ON TABLE core.tokens TO core;
GRANT INSERT(revoked_at),UPDATE(revoked_at) ON TABLE core.tokens TO core;
GRANT INSERT(created_at) ON TABLE core.tokens TO core;
GRANT INSERT(created_by) ON TABLE core.tokens TO core;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE ledger.pay_periods TO transform;
GRANT SELECT ON TABLE ledger.pay_periods TO payroll;
GRANT SELECT ON TABLE ledger.pay_periods TO reader;
GRANT SELECT ON TABLE ledger.pay_periods TO replication;
GRANT SELECT ON TABLE ops.employee_now TO transform;
GRANT SELECT ON TABLE ops.heartbeat TO transform;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.heartbeat TO ingest;
GRANT SELECT ON TABLE ops.heartbeat TO reader;
GRANT SELECT ON TABLE ops.heartbeat TO core;
GRANT SELECT,INSERT ON TABLE ops.run_requests TO transform;
GRANT SELECT ON TABLE ops.run_requests TO operator;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.runs TO transform;
GRANT SELECT ON TABLE ops.runs TO reader;
GRANT SELECT ON TABLE ops.runs TO ingest;
GRANT SELECT ON TABLE ops.runs TO core;
GRANT SELECT,INSERT,UPDATE ON TABLE ops.takeovers TO transform;
GRANT SELECT ON TABLE ops.takeovers TO operator;
GRANT SELECT ON TABLE ops.takeovers TO reader;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payroll.employees TO transform;
GRANT SELECT ON TABLE payroll.employees TO payroll;
GRANT SELECT ON TABLE payroll.employees TO reader;
GRANT SELECT ON TABLE payroll.employees TO replication;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payroll.manifests TO transform;
GRANT SELECT ON TABLE payroll.manifests TO payroll;
GRANT SELECT ON TABLE payroll.manifests TO reader;
GRANT SELECT ON TABLE payroll.manifests TO replication;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payroll.pay_lines TO transform;
GRANT SELECT ON TABLE payroll.pay_lines TO payroll;
GRANT SELECT ON TABLE payroll.pay_lines TO reader;
GRANT SELECT ON TABLE payroll.pay_lines TO replication;
GRANT SELECT ON TABLE policy.parameters TO transform;
GRANT INSERT(version_id) ON TABLE policy.parameters TO transform;
GRANT INSERT(policy) ON TABLE policy.parameters TO transform;
GRANT INSERT(parameter) ON TABLE policy.parameters TO transform;
GRANT INSERT(valid_from) ON TABLE policy.parameters TO transform;
GRANT INSERT(value) ON TABLE policy.parameters TO transform;
GRANT INSERT(reference) ON TABLE policy.parameters TO transform;
GRANT INSERT(file) ON TABLE policy.parameters TO transform;
GRANT INSERT(line) ON TABLE policy.parameters TO transform;
GRANT INSERT(removed) ON TABLE policy.parameters TO transform;
GRANT INSERT(loaded_at) ON TABLE policy.parameters TO transform;
GRANT SELECT ON TABLE policy.pay_codes TO transform;
GRANT INSERT(version_id) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(pay_code) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(title) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(multiplier) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(on_top) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(removed) ON TABLE policy.pay_codes TO transform;
GRANT INSERT(loaded_at) ON TABLE policy.pay_codes TO transform;
GRANT SELECT ON TABLE policy.policies TO transform;
GRANT SELECT ON TABLE policy.policies TO core;
GRANT INSERT(version_id) ON TABLE policy.policies TO transform;
GRANT INSERT(policy) ON TABLE policy.policies TO transform;
GRANT INSERT(title) ON TABLE policy.policies TO transform;
GRANT INSERT(extends) ON TABLE policy.policies TO transform;
GRANT INSERT(removed) ON TABLE policy.policies TO transform;
GRANT INSERT(loaded_at) ON TABLE policy.policies TO transform;
GRANT SELECT ON TABLE raw.batches TO ingest;
GRANT SELECT ON TABLE raw.batches TO transform;
GRANT INSERT(batch_id) ON TABLE raw.batches TO ingest;
GRANT INSERT(cluster_id) ON TABLE raw.batches TO ingest;
GRANT INSERT(topic_id) ON TABLE raw.batches TO ingest;
GRANT INSERT(topic) ON TABLE raw.batches TO ingest;
GRANT INSERT(partition) ON TABLE raw.batches TO ingest;
GRANT INSERT(first_offset) ON TABLE raw.batches TO ingest;
GRANT INSERT(last_offset) ON TABLE raw.batches TO ingest;
GRANT INSERT(row_count) ON TABLE raw.batches TO ingest;
GRANT INSERT(repeat_count) ON TABLE raw.batches TO ingest;
GRANT INSERT(quarantined_count) ON TABLE raw.batches TO ingest;
GRANT INSERT(committed_at) ON TABLE raw.batches TO ingest;
GRANT INSERT(gap_count) ON TABLE raw.batches TO ingest;
GRANT USAGE ON SEQUENCE raw.batches_batch_id_seq TO ingest;
GRANT SELECT ON TABLE raw.files TO ingest;
GRANT SELECT ON TABLE raw.files TO transform;
GRANT INSERT(file_sha256) ON TABLE raw.files TO ingest;
GRANT INSERT(file_name) ON TABLE raw.files TO ingest;
GRANT INSERT(format) ON TABLE raw.files TO ingest;
GRANT INSERT(site_id) ON TABLE raw.files TO ingest;
GRANT INSERT(device_id) ON TABLE raw.files TO ingest;
GRANT INSERT(time_zone) ON TABLE raw.files TO ingest;
GRANT INSERT(mapping),UPDATE(mapping) ON TABLE raw.files TO ingest;
GRANT INSERT(byte_count) ON TABLE raw.files TO ingest;
GRANT INSERT(line_count) ON TABLE raw.files TO ingest;
GRANT INSERT(punch_count),UPDATE(punch_count) ON TABLE raw.files TO ingest;
GRANT INSERT(quarantined_count),UPDATE(quarantined_count) ON TABLE raw.files TO ingest;
GRANT INSERT(imported_by) ON TABLE raw.files TO ingest;
GRANT INSERT(imported_at) ON TABLE raw.files TO ingest;
GRANT SELECT,DELETE,UPDATE ON TABLE raw.hr_image TO ingest;
GRANT SELECT ON TABLE raw.hr_image TO core;
GRANT SELECT ON TABLE raw.hr_image TO transform;
GRANT INSERT(table_name) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(row_key) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(row_data) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(gtid) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(row_number) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(snapshot_id) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(version) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(topic_partition) ON TABLE raw.hr_image TO ingest;
GRANT INSERT(punch_event_id) ON TABLE raw.hr_image TO ingest;
GRANT SELECT ON TABLE raw.hr_snapshots TO ingest;
GRANT SELECT ON TABLE raw.hr_snapshots TO transform;
GRANT INSERT(snapshot_id) ON TABLE raw.hr_snapshots TO ingest;
GRANT INSERT(started_gtid) ON TABLE raw.hr_snapshots TO ingest;
GRANT INSERT(started_at) ON TABLE raw.hr_snapshots TO ingest;
GRANT INSERT(finished_at),UPDATE(finished_at) ON TABLE raw.hr_snapshots TO ingest;
GRANT SELECT,UPDATE ON TABLE raw.hr_streams TO ingest;
GRANT SELECT ON TABLE raw.hr_streams TO operator;
GRANT SELECT ON TABLE raw.hr_streams TO transform;
GRANT INSERT(topic_partition) ON TABLE raw.hr_streams TO ingest;
GRANT INSERT(snapshot_id) ON TABLE raw.hr_streams TO ingest;
GRANT INSERT(snapshot_ended) ON TABLE raw.hr_streams TO ingest;
GRANT INSERT(marks) ON TABLE raw.hr_streams TO ingest;
GRANT SELECT ON TABLE raw.hr_versions TO ingest;
GRANT SELECT ON TABLE raw.hr_versions TO transform;
GRANT INSERT(version_id) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(table_name) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(row_key) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(op) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(deleted) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(row_data) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(gtid) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(row_number) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(snapshot_id) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(changed_at) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(recorded_at) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(topic_partition) ON TABLE raw.hr_versions TO ingest;
GRANT INSERT(topic_offset) ON TABLE raw.hr_versions TO ingest;
GRANT SELECT ON TABLE raw.positions TO ingest;
GRANT SELECT ON TABLE raw.positions TO transform;
GRANT INSERT(cluster_id) ON TABLE raw.positions TO ingest;
GRANT INSERT(topic_id) ON TABLE raw.positions TO ingest;
GRANT INSERT(partition) ON TABLE raw.positions TO ingest;
GRANT INSERT(topic) ON TABLE raw.positions TO ingest;
GRANT INSERT(next_offset),UPDATE(next_offset) ON TABLE raw.positions TO ingest;
GRANT INSERT(moved_at),UPDATE(moved_at) ON TABLE raw.positions TO ingest;
GRANT UPDATE(leader_epoch) ON TABLE raw.positions TO ingest;
GRANT SELECT ON TABLE raw.punch_ids TO ingest;
GRANT SELECT ON TABLE raw.punch_ids TO core;
GRANT SELECT ON TABLE raw.punch_ids TO transform;
GRANT INSERT(event_id) ON TABLE raw.punch_ids TO ingest;
GRANT INSERT(content_hash) ON TABLE raw.punch_ids TO ingest;
GRANT SELECT ON TABLE raw.punches TO ingest;
GRANT SELECT ON TABLE raw.punches TO core;
GRANT SELECT ON TABLE raw.punches TO transform;
GRANT INSERT(event_id) ON TABLE raw.punches TO ingest;
GRANT INSERT(employee_id) ON TABLE raw.punches TO ingest;
GRANT INSERT(kind) ON TABLE raw.punches TO ingest;
GRANT INSERT(occurred_at) ON TABLE raw.punches TO ingest;
GRANT INSERT(received_at) ON TABLE raw.punches TO ingest;
GRANT INSERT(source) ON TABLE raw.punches TO ingest;
GRANT INSERT(device_id) ON TABLE raw.punches TO ingest;
GRANT INSERT(site_id) ON TABLE raw.punches TO ingest;
GRANT INSERT(cost_center) ON TABLE raw.punches TO ingest;
GRANT INSERT(break_type) ON TABLE raw.punches TO ingest;
GRANT INSERT(supersedes) ON TABLE raw.punches TO ingest;
GRANT INSERT(voids) ON TABLE raw.punches TO ingest;
GRANT INSERT(reason) ON TABLE raw.punches TO ingest;
GRANT INSERT(actor) ON TABLE raw.punches TO ingest;
GRANT INSERT(attributes) ON TABLE raw.punches TO ingest;
GRANT INSERT(origin) ON TABLE raw.punches TO ingest;
GRANT INSERT(topic_partition) ON TABLE raw.punches TO ingest;
GRANT INSERT(topic_offset) ON TABLE raw.punches TO ingest;
GRANT INSERT(batch_id) ON TABLE raw.punches TO ingest;
GRANT SELECT ON TABLE raw.quarantine TO ingest;
GRANT SELECT ON TABLE raw.quarantine TO core;
GRANT SELECT ON TABLE raw.quarantine TO transform;
GRANT SELECT ON TABLE raw.quarantine TO archive;
GRANT INSERT(quarantine_id) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(source) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(place) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(code) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(reason) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(payload) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(record_key) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(headers) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(topic) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(topic_partition) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(topic_offset) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(file_sha256) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(file_line) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(batch_id) ON TABLE raw.quarantine TO ingest;
GRANT INSERT(quarantined_at) ON TABLE raw.quarantine TO ingest;
GRANT SELECT ON TABLE raw.quarantine_resolutions TO ingest;
GRANT SELECT ON TABLE raw.quarantine_resolutions TO core;
GRANT SELECT ON TABLE raw.quarantine_resolutions TO transform;
GRANT INSERT(quarantine_id) ON TABLE raw.quarantine_resolutions TO ingest;
GRANT INSERT(quarantine_id) ON TABLE raw.quarantine_resolutions TO core;
GRANT INSERT(action) ON TABLE raw.quarantine_resolutions TO ingest;
GRANT INSERT(action) ON TABLE raw.quarantine_resolutions TO core;
GRANT INSERT(actor) ON TABLE raw.quarantine_resolutions TO ingest;
GRANT INSERT(actor) ON TABLE raw.quarantine_resolutions TO core;
GRANT INSERT(reason) ON TABLE raw.quarantine_resolutions TO ingest;
GRANT INSERT(reason) ON TABLE raw.quarantine_resolutions TO core;
GRANT INSERT(resolved_at) ON TABLE raw.quarantine_resolutions TO ingest;
GRANT INSERT(resolved_at) ON TABLE raw.quarantine_resolutions TO core;
