-- +goose Up
-- Maker and checker are all persons of either: who acted and for whom. None of
-- the makers is among the checkers, whoever sat in whose seat.
ALTER TABLE graduation_thresholds ADD COLUMN makers uuid[] NOT NULL DEFAULT '{}', ADD COLUMN checkers uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE graduations ADD COLUMN nominators uuid[] NOT NULL DEFAULT '{}', ADD COLUMN deciders uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE graduation_thresholds NO FORCE ROW LEVEL SECURITY;
ALTER TABLE graduations NO FORCE ROW LEVEL SECURITY;
UPDATE graduation_thresholds SET makers = ARRAY[made_by], checkers = array_remove(ARRAY[checked_by], NULL);
UPDATE graduations SET nominators = ARRAY[nominated_by], deciders = array_remove(ARRAY[decided_by], NULL);
ALTER TABLE graduation_thresholds FORCE ROW LEVEL SECURITY;
ALTER TABLE graduations FORCE ROW LEVEL SECURITY;
ALTER TABLE graduation_thresholds DROP CONSTRAINT graduation_thresholds_duties_apart,
  ADD CONSTRAINT graduation_thresholds_duties_apart CHECK (made_by = ANY (makers) AND (checked_by IS NULL OR checked_by = ANY (checkers)) AND NOT makers && checkers);
ALTER TABLE graduations DROP CONSTRAINT graduations_duties_apart,
  ADD CONSTRAINT graduations_duties_apart CHECK (nominated_by = ANY (nominators) AND (decided_by IS NULL OR decided_by = ANY (deciders)) AND NOT nominators && deciders);

ALTER TABLE commission_plans DROP CONSTRAINT commission_plans_second_person, ALTER COLUMN editors TYPE uuid[] USING editors::uuid[], ADD COLUMN checkers uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT commission_plans_second_person CHECK (checker_id IS NULL OR checker_id <> maker_id AND NOT checker_id = ANY (editors) AND NOT editors && checkers);
ALTER TABLE certification_plans DROP CONSTRAINT certification_plans_duties_apart, ALTER COLUMN editors DROP DEFAULT, ALTER COLUMN editors TYPE uuid[] USING editors::uuid[],
  ALTER COLUMN editors SET DEFAULT '{}', ADD COLUMN checkers uuid[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT certification_plans_duties_apart CHECK (state = 'draft' OR (number = 1 AND checker_id IS NULL AND editors = '{}')
    OR (checker_id IS NOT NULL AND editors <> '{}' AND NOT checker_id = ANY (editors) AND NOT editors && checkers));

-- The same of a rejection and of who answers its contest. The firm contests and
-- the operator answers, so the firm changes nothing in it.
ALTER TABLE partners ADD COLUMN deciders uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE partner_contests ADD COLUMN deciders uuid[] NOT NULL DEFAULT '{}', ADD COLUMN reviewers uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE partners NO FORCE ROW LEVEL SECURITY;
ALTER TABLE partner_contests NO FORCE ROW LEVEL SECURITY;
UPDATE partners SET deciders = ARRAY[decided_by] WHERE decided_by IS NOT NULL;
UPDATE partner_contests SET deciders = ARRAY[decided_by], reviewers = array_remove(ARRAY[reviewer], NULL);
ALTER TABLE partners FORCE ROW LEVEL SECURITY;
ALTER TABLE partner_contests FORCE ROW LEVEL SECURITY;
ALTER TABLE partner_contests DROP CONSTRAINT partner_contests_other_reviewer,
  ADD CONSTRAINT partner_contests_other_reviewer CHECK (reviewer IS NULL OR reviewer <> decided_by AND NOT deciders && reviewers);
REVOKE UPDATE ON partner_contests FROM portal_partner;
-- +goose Down
