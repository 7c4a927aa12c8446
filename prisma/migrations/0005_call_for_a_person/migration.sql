-- The call for a person, where the evidence does not decide, is told like a verdict: it stands among what is untold from the
-- moment on in which its row is written.
CREATE TRIGGER "audit_event_calls_person" AFTER INSERT ON "audit_event"
WHEN NEW."adjustment" = '' AND NEW."step" = 'note' AND NEW."code" = 'needs_review'
BEGIN
  INSERT INTO "untold" ("seq", "adjustment")
  VALUES (NEW."seq", coalesce(json_extract(NEW."detail", '$.adjustment'), ''));
END;
