-- A punch stays in the outbox until PostgreSQL has it again, as a row, a repeat or in quarantine: a Kafka that loses its
-- disk loses what it acknowledged, and then it is sent once more.

alter table core.outbox
add column topic_id text,
add column topic_partition integer,
add column topic_offset bigint,
add column event_id uuid generated always as (
    case
        when topic = 'punches.v1' then (jsonb_path_query_first(headers, 'strict $[*] ? (@[0] == "ce_id")[1]') #>> '{}')::uuid
    end
) stored;
comment on column core.outbox.topic_id is 'Where Kafka has acknowledged the record, null while it is to be sent: the life of its topic.';
comment on column core.outbox.event_id is 'Of a punch: the id by which the row leaves when the sink has it. Others leave when Kafka has them.';
grant update (topic_id, topic_partition, topic_offset) on core.outbox to ingest;

create index outbox_to_send on core.outbox (outbox_id) where topic_id is null;
create index outbox_sent on core.outbox (topic_id, topic_partition, topic_offset) where topic_id is not null;
