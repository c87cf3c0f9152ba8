{#
    pair_punches(...): what each punch of a chunk is taken as, in one pass over the punches in the order of time.

    A chunk is a stretch of one employee's punches that no worked shift can cross (see int_punches). Kinds are numbers:
    0 unknown, 1 clock_in, 2 clock_out, 3 break_start, 4 break_end. The pairing parameters are those in force at the
    first punch of each worked shift; `set_keys` says which set that is for each punch.

    Rows come in the order in which the punches were taken: `step`; `place` (index in the given arrays), `taken`
    (NULL: unused, because of `unused`), `shift_position` and `session_position` (the first punch of the worked shift and
    of the session), `counts` (false: a session whose end is missing), `exceptions` (kinds, comma between).
#}
{% macro create_pair_punches() %}
-- Its result type may differ from that of the version before, which cannot be replaced.
drop function if exists {{ fn('pair_punches') }}(bigint [], integer [], integer []);
create function {{ fn('pair_punches') }}(ats bigint [], kinds integer [], set_keys integer [])
returns table (
    step integer, place integer, taken integer, unused text, exceptions text,
    shift_position integer, session_position integer, counts boolean
)
language plpgsql stable parallel safe
as $function$
declare
    n constant integer := array_length(ats, 1);
    -- Parameters of the set `rules_of`.
    rules_of integer;
    repeat_within integer; gap_seconds integer; max_seconds integer;
    is_alternate boolean; first_in_counts boolean; last_out_counts boolean;
    -- The state: 0 off, 1 at work, 2 on a break; and where the present worked shift, session and last clock_out began.
    state integer := 0; fresh_state integer;
    shift_at integer; session_at integer; out_at integer;
    used_at integer; used_as integer;
    -- What is said of each punch.
    order_of integer [] := array(select generate_series(1, n));
    taken_of integer [] := array_fill(null::integer, array[n]);
    unused_of text [] := array_fill(null::text, array[n]);
    exceptions_of text [] := array_fill(null::text, array[n]);
    shift_of integer [] := array_fill(null::integer, array[n]);
    session_of integer [] := array_fill(null::integer, array[n]);
    counts_of boolean [] := array_fill(true, array[n]);
    i integer; j integer; k integer; rank integer; best_rank integer; kind integer; same boolean;
begin
    for s in 1..n loop
        -- Punches at one instant: break_end, clock_out, clock_in, break_start where the state allows, else as recorded.
        if s < n and ats[order_of[s]] = ats[order_of[s + 1]] then
            -- The state begins anew with each worked shift.
            fresh_state := case when shift_at is not null and ats[order_of[s]] - ats[shift_at] > max_seconds then 0 else state end;
            best_rank := 9;
            k := s;
            j := s;
            while j <= n and ats[order_of[j]] = ats[order_of[s]] loop
                rank := case
                    when kinds[order_of[j]] = 4 and fresh_state = 2 then 1
                    when kinds[order_of[j]] = 2 and fresh_state > 0 then 2
                    when kinds[order_of[j]] = 1 and fresh_state <> 1 then 3
                    when kinds[order_of[j]] = 3 and fresh_state = 1 then 4
                    else 9
                end;
                if rank < best_rank then
                    best_rank := rank;
                    k := j;
                end if;
                j := j + 1;
            end loop;
            if k > s then
                i := order_of[k];
                for j in reverse k..s + 1 loop
                    order_of[j] := order_of[j - 1];
                end loop;
                order_of[s] := i;
            end if;
        end if;

        i := order_of[s];
        kind := kinds[i];
        if rules_of is distinct from set_keys[coalesce(shift_at, i)] then
            rules_of := set_keys[coalesce(shift_at, i)];
            select p.repeat_seconds, p.gap_seconds, p.max_shift_seconds, p.is_alternate, p.in_after_in = 'repeat', p.out_after_out = 'repeat'
            into strict repeat_within, gap_seconds, max_seconds, is_alternate, first_in_counts, last_out_counts
            from {{ generate_schema_name('intermediate', none) | trim }}.int_parameter_sets as p
            where p.set_key = rules_of;
        end if;

        if used_at is not null and ats[i] - ats[used_at] <= repeat_within
            and (is_alternate or kind = 0 or kind = used_as)
        then
            unused_of[i] := 'repeat';
            exceptions_of[i] := 'repeated_punch';
            shift_of[i] := shift_at;
            continue;
        end if;

        -- Does a worked shift end before this punch?
        if shift_at is not null and (
            ats[i] - ats[shift_at] > max_seconds
            or (state = 0 and out_at is not null and ats[i] - ats[out_at] >= gap_seconds)
        ) then
            shift_at := null; session_at := null; out_at := null;
            state := 0;
            if rules_of is distinct from set_keys[i] then
                rules_of := set_keys[i];
                select p.repeat_seconds, p.gap_seconds, p.max_shift_seconds, p.is_alternate, p.in_after_in = 'repeat', p.out_after_out = 'repeat'
                into strict repeat_within, gap_seconds, max_seconds, is_alternate, first_in_counts, last_out_counts
                from {{ generate_schema_name('intermediate', none) | trim }}.int_parameter_sets as p
                where p.set_key = rules_of;
            end if;
        end if;

        if is_alternate then
            kind := case when state = 0 then 1 else 2 end;
        elsif kind = 0 then
            kind := case state when 0 then 1 when 1 then 2 else 4 end;
        end if;

        if kind = 4 and state <> 2 then
            unused_of[i] := 'no open break';
            exceptions_of[i] := 'missing_break_start';
            shift_of[i] := shift_at;
            continue;
        end if;
        if kind = 1 and state = 1 and first_in_counts then
            unused_of[i] := 'repeat';
            exceptions_of[i] := 'repeated_punch';
            shift_of[i] := shift_at;
            continue;
        end if;

        if shift_at is null then
            shift_at := i;
        end if;
        used_at := i;
        used_as := kind;
        case kind
            when 1 then
                if state = 2 then
                    kind := 4;
                else
                    if state = 1 then
                        exceptions_of[session_at] := concat_ws(',', exceptions_of[session_at], 'missing_clock_out');
                        for j in 1..n loop
                            if session_of[j] = session_at then
                                counts_of[j] := false;
                            end if;
                        end loop;
                    end if;
                    session_at := i;
                end if;
                state := 1;
            when 2 then
                if state = 2 then
                    exceptions_of[i] := 'missing_break_end';
                elsif state = 0 then
                    if out_at is not null and last_out_counts then
                        -- The session goes on to this later clock_out, or it is the stray one; the earlier one was a repeat.
                        taken_of[out_at] := null;
                        unused_of[out_at] := 'repeat';
                        exceptions_of[i] := nullif(exceptions_of[out_at], 'repeated_punch');
                        exceptions_of[out_at] := 'repeated_punch';
                        session_at := session_of[out_at];
                        if shift_at = out_at then
                            shift_at := i;
                            shift_of[out_at] := i;
                        end if;
                    else
                        exceptions_of[i] := 'missing_clock_in';
                        session_at := null;
                    end if;
                end if;
                state := 0;
                out_at := i;
            when 3 then
                if state = 0 then
                    exceptions_of[i] := 'missing_clock_in';
                    session_at := i;
                end if;
                state := 2;
            else
                state := 1;
        end case;
        taken_of[i] := kind;
        shift_of[i] := shift_at;
        session_of[i] := session_at;
        if kind = 2 then
            session_at := null;
        end if;
    end loop;

    for s in 1..n loop
        i := order_of[s];
        step := s; place := i; taken := taken_of[i]; unused := unused_of[i]; exceptions := exceptions_of[i];
        shift_position := shift_of[i]; session_position := session_of[i]; counts := counts_of[i];
        return next;
    end loop;
end
$function$;
{% endmacro %}

{#
    is_in_force(event, depth): whether no event in force supersedes or voids it: the void of a correction brings back what
    was corrected. Versions of a row of the legacy punch table replace each other for good: its delete is a void of the
    newest version and brings back none. Deeper than 50 the chain is a circle and the event counts.
#}
{% macro create_is_in_force() %}
create or replace function {{ fn('is_in_force') }}(event uuid, depth integer) returns boolean
language sql stable parallel safe
as $function$
    select depth > 50 or not exists (
        select from {{ source('raw', 'punches') }} as later
        where
            (later.supersedes = event or later.voids = event)
            and later.xid < (select runs.watermark from {{ source('ops', 'runs') }} as runs where runs.status = 'running')
            and (
                (later.supersedes is not null and later.source = 'legacy_hr')
                or {{ fn('is_in_force') }}(later.event_id, depth + 1)
            )
    )
$function$;
{% endmacro %}

{# Condition that a punch is in force: nearly none was ever replaced, which two indexes say without a call. #}
{% macro is_in_force(event_id) -%}
    (
        (
            not exists (select from {{ source('raw', 'punches') }} as later where later.supersedes = {{ event_id }})
            and not exists (select from {{ source('raw', 'punches') }} as later where later.voids = {{ event_id }})
        )
        or {{ fn('is_in_force') }}({{ event_id }}, 0)
    )
{%- endmacro %}
