-- +goose Up
-- A firm whose document has run out may not list until a valid one is there.
ALTER TABLE partners ADD COLUMN lapsed_at timestamptz, ADD COLUMN lapsed text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT partners_lapsed CHECK ((lapsed_at IS NULL) = (lapsed = '{}'));
-- The nearest of the days ahead of which the firm was reminded; -1 that it was
-- told of the end.
ALTER TABLE partner_documents ADD COLUMN reminded int,
  ADD CONSTRAINT partner_documents_reminded CHECK (reminded IN (60, 30, 7, -1));
CREATE INDEX partner_documents_by_end ON partner_documents (province_id, expires_on) WHERE expires_on IS NOT NULL;
-- Only what the portal took off sale by itself comes back by itself.
ALTER TABLE listings ADD COLUMN halted_by text NOT NULL DEFAULT '',
  ADD CONSTRAINT listings_halted_by CHECK (halted_by IN ('', 'partner', 'documents'));
-- +goose Down
