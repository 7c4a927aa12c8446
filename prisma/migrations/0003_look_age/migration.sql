-- A look has an age: what was read of a position before money moved there is no reason to move more.

-- The newest row of a symbol, at the beginning of each look.
CREATE INDEX "adjustment_head_symbol" ON "adjustment_head" ("account", "symbol", "margin_coin", "seq");

-- `sending` names the newest row of its symbol and coin when its look began. A later row that says that money moved makes
-- the look void; what is still in flight is kept out by "audit_event_one_open_send". `not_applied` counts too: until it was
-- written the money might have moved.
CREATE TRIGGER "audit_event_moved_since" BEFORE INSERT ON "audit_event"
WHEN NEW."step" = 'sending' AND (
  json_type(NEW."detail", '$.newestAtLook') IS NOT 'integer'
  OR json_extract(NEW."detail", '$.newestAtLook') >= NEW."seq"
  OR EXISTS (
    SELECT 1 FROM "adjustment_head"
    WHERE "account" = NEW."account" AND "symbol" = NEW."symbol" AND "margin_coin" = NEW."margin_coin"
      AND "seq" > json_extract(NEW."detail", '$.newestAtLook')
      AND "step" IN ('accepted', 'applied', 'not_applied')))
BEGIN SELECT RAISE(ABORT, 'audit_event: money moved on this symbol since the look began'); END;
