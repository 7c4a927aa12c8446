-- Settling and telling: each bill settles one adjustment, a frozen bot sends nothing, and no verdict is forgotten.

-- The bills that settled an adjustment. Bitget's bills name no client id: one bill must never be evidence twice.
CREATE TABLE "claimed_bill" (
  "account" TEXT NOT NULL,
  "bill" TEXT NOT NULL,
  "adjustment" TEXT NOT NULL,
  PRIMARY KEY ("account", "bill")
) STRICT;

CREATE TRIGGER "audit_event_claims_bill" AFTER INSERT ON "audit_event"
WHEN NEW."step" = 'applied' AND json_extract(NEW."detail", '$.bill') IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'audit_event: this bill settled another adjustment') WHERE EXISTS (
    SELECT 1 FROM "claimed_bill"
    WHERE "account" = NEW."account" AND "bill" = json_extract(NEW."detail", '$.bill'));
  INSERT INTO "claimed_bill" ("account", "bill", "adjustment")
  VALUES (NEW."account", json_extract(NEW."detail", '$.bill'), NEW."adjustment");
END;

-- Nothing can be marked as sent while the newest word on it is `frozen`, whoever forgot to ask.
CREATE TRIGGER "audit_event_frozen" BEFORE INSERT ON "audit_event"
WHEN NEW."step" = 'sending'
  AND coalesce((SELECT max("seq") FROM "audit_event" WHERE "adjustment" = '' AND "step" = 'frozen'), 0)
    > coalesce((SELECT max("seq") FROM "audit_event" WHERE "adjustment" = '' AND "step" = 'unfrozen'), 0)
BEGIN SELECT RAISE(ABORT, 'audit_event: the bot is frozen'); END;

-- Verdicts that the chat was not told yet: written with the row itself, removed when it was told.
CREATE TABLE "untold" (
  "seq" INTEGER NOT NULL PRIMARY KEY,
  "adjustment" TEXT NOT NULL
) STRICT;

CREATE TRIGGER "audit_event_untold" AFTER INSERT ON "audit_event"
WHEN NEW."step" IN ('accepted', 'rejected', 'unknown', 'applied', 'not_applied')
  OR (NEW."step" = 'refused' AND NEW."step_number" > 1)
BEGIN INSERT INTO "untold" ("seq", "adjustment") VALUES (NEW."seq", NEW."adjustment"); END;
