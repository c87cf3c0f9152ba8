-- Which models computed a run: with others, what it left is no base for an increment. Runs before this migration have none.
alter table ops.runs add column models_sha256 text;
