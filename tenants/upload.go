package tenants

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/scan"
)

// UploadDays is how long an upload that was begun may be gone on with.
const UploadDays = 7

// Refusals of files in parts and of archives.
var (
	ErrPart     = fault.New(fault.Invalid, "file-part", "没有第 %d 片，或它的校验值不完整。", "There is no part %d, or its checksum is not whole.")
	ErrWhole    = fault.New(fault.Conflict, "file-changed", "收到的内容与选择的文件不一致（文件可能在上传中被修改），请重新上传。", "What arrived is not the file that was chosen; it may have changed meanwhile. Upload it again.")
	ErrSent     = fault.New(fault.Conflict, "file-sent", "这个文件已经传完，或已经取消。", "This upload is complete or was cancelled.")
	ErrNoZip    = fault.New(fault.Conflict, "file-no-archive", "这个文件不是压缩包，没有目录可看。", "This file is no archive.")
	errArchives = map[string]*fault.Error{
		scan.TooMany:   fault.New(fault.Invalid, "file-archive", "压缩包里的文件太多（超过 2 万个），请拆分后再传。", "The archive holds over 20,000 files. Split it."),
		scan.TooLarge:  fault.New(fault.Invalid, "file-archive", "压缩包解开后过大，已拒绝：%s。", "The archive unpacks to too much and was refused: %s."),
		scan.Outside:   fault.New(fault.Invalid, "file-archive", "压缩包里有会写到目录之外的文件，已拒绝：%s。", "The archive holds a file that would leave its folder and was refused: %s."),
		scan.Encrypted: fault.New(fault.Invalid, "file-archive", "压缩包已加密，测试人员无法查看，请去掉密码后再传：%s。", "The archive is encrypted, so nobody can look into it. Upload it without a password: %s."),
		scan.Broken:    fault.New(fault.Invalid, "file-archive", "压缩包已损坏，打不开，请重新打包。", "The archive is broken. Pack it again."),
	}
)

// underWay finds an upload of the same content that the person began before,
// with what of it has arrived; a zero ticket when there is none.
func (s *Service) underWay(ctx context.Context, a Actor, store *blob.Store, n NewFile) (Ticket, error) {
	var f File
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return pg.One(Rows(tx).Where("state = 'pending' AND upload <> '' AND tenant_id = ? AND uploaded_by = ? AND purpose = ? AND sha256 = ? AND size = ? AND media_type = ? AND created_at > ?",
			a.Tenant.ID, a.User, n.Purpose, n.SHA256, n.Size, n.MediaType, calendar.Now(ctx).AddDate(0, 0, -UploadDays)).Order("created_at DESC").Limit(1), &f)
	})
	if errors.Is(err, fault.ErrMissing) {
		return Ticket{}, nil
	}
	if err != nil {
		return Ticket{}, err
	}
	there, err := store.Parts(ctx, f.Key, f.Upload)
	t := Ticket{File: f, Arrived: []int{}}
	if errors.Is(err, blob.ErrNotFound) {
		whole, err := store.Stat(ctx, f.Key)
		if errors.Is(err, blob.ErrNotFound) || err == nil && whole.Size != f.Size { // the store forgot it
			return Ticket{}, nil
		}
		for n := range f.Parts { // joined, and not looked at yet
			t.Arrived = append(t.Arrived, n+1)
		}
		return t, err
	}
	for _, p := range there {
		if p.Size == blob.SizeOf(f.Size, p.Number) {
			t.Arrived = append(t.Arrived, p.Number)
		}
	}
	return t, err
}

// PartLink is where one part of a file goes.
type PartLink struct {
	Number  int
	URL     string
	Headers map[string]string
}

// PartSum is the digest of a part, base64.
type PartSum struct {
	Number int
	SHA256 string
}

// PartLinks signs links for parts of an upload of the actor's, each for its
// own content only.
func (s *Service) PartLinks(ctx context.Context, a Actor, store *blob.Store, id uuid.UUID, parts []PartSum) ([]PartLink, error) {
	f, err := s.begun(ctx, a, id)
	if err != nil {
		return nil, err
	}
	out := make([]PartLink, 0, len(parts))
	for _, p := range parts {
		if p.Number < 1 || p.Number > f.Parts {
			return nil, ErrPart.Fill(p.Number)
		}
		url, headers, err := store.PresignPart(ctx, f.Key, f.Upload, p.Number, blob.SizeOf(f.Size, p.Number), p.SHA256, 5*time.Minute)
		if err != nil {
			return nil, ErrPart.Fill(p.Number)
		}
		out = append(out, PartLink{p.Number, url, headers})
	}
	return out, nil
}

// begun finds an upload in parts that the actor began and did not end.
func (s *Service) begun(ctx context.Context, a Actor, id uuid.UUID) (File, error) {
	f, err := s.File(ctx, a, id)
	if err == nil && (f.TenantID != a.Tenant.ID || !a.Is(f.UploadedBy)) {
		err = fault.ErrMissing
	}
	if err == nil && (f.State != "pending" || f.Upload == "") {
		err = ErrSent
	}
	return f, err
}

// CancelFile forgets an upload in parts and what of it had arrived.
func (s *Service) CancelFile(ctx context.Context, a Actor, store *blob.Store, id uuid.UUID) error {
	f, err := s.begun(ctx, a, id)
	if err != nil {
		return err
	}
	// Only the system deletes rows; whose upload it is was just checked.
	return s.forget(ctx, Elevated{a}, store, f)
}

// forget removes the row first: whoever completes the file at the same moment
// then finds none, or has made it one that stays.
func (s *Service) forget(ctx context.Context, a pg.Identified, store *blob.Store, f File) error {
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`DELETE FROM files WHERE province_id = ? AND id = ? AND state = 'pending'`, f.ProvinceID, f.ID)
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrSent
		}
		return res.Error
	})
	if err != nil {
		return err
	}
	if f.Upload != "" {
		if err := store.AbortParts(ctx, f.Key, f.Upload); err != nil {
			return err
		}
	}
	return store.Delete(ctx, f.Key)
}

// TidyUploads forgets what was announced and not sent whole in a week.
func (s *Service) TidyUploads(ctx context.Context, store *blob.Store, province uuid.UUID) error {
	machine := System(province, "清理")
	var old []File
	err := s.db.Read(ctx, machine, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND state = 'pending' AND created_at < ?", province, calendar.Now(ctx).AddDate(0, 0, -UploadDays)).Order("created_at").Limit(1000).Find(&old).Error
	})
	for _, f := range old {
		if gone := s.forget(ctx, machine, store, f); !errors.Is(gone, ErrSent) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// join makes one file of the parts that arrived, when all have, and checks
// that it is the file that was chosen. Joined before, by somebody else at this
// moment or in a try that broke off, it is read once more.
func (s *Service) join(ctx context.Context, store *blob.Store, f *File) error {
	there, err := store.Parts(ctx, f.Key, f.Upload)
	if err == nil {
		slices.SortFunc(there, func(x, y blob.Part) int { return x.Number - y.Number })
		if len(there) != f.Parts {
			return ErrFileMissing
		}
		for i, p := range there {
			if p.Number != i+1 || p.Size != blob.SizeOf(f.Size, p.Number) {
				return ErrFileMissing
			}
		}
		err = store.FinishParts(ctx, f.Key, f.Upload, there)
	}
	if errors.Is(err, blob.ErrNotFound) {
		there, err = []blob.Part{{Number: 1}}, nil // their digests are gone
	}
	if err != nil {
		return err
	}
	sum, err := blob.Digest(there, func() (io.ReadCloser, error) { r, _, err := store.Get(ctx, f.Key); return r, err })
	if errors.Is(err, blob.ErrNotFound) {
		return ErrFileMissing
	}
	if err != nil {
		return err
	}
	if sum != f.SHA256 {
		_ = store.Delete(ctx, f.Key)
		return ErrWhole
	}
	return nil
}

// directoryBytes is how much of an archive may be read to list it.
const directoryBytes = 32 * mb

// contents of an archive, which is read only as far as its directory.
func contents(ctx context.Context, store *blob.Store, f File) (scan.Contents, error) {
	found, err := scan.Archive(store.ReadAt(ctx, f.Key, f.Size, directoryBytes), f.Size)
	var refused *scan.Refusal
	switch {
	case errors.As(err, &refused):
		e := errArchives[refused.Why]
		if refused.Entry != "" {
			e = e.Fill(short(refused.Entry, 100))
		}
		return found, e
	case errors.Is(err, blob.ErrTooMuch):
		return found, errArchives[scan.TooMany]
	}
	return found, err
}

// FileContents lists what is in an archive the actor may read.
func (s *Service) FileContents(ctx context.Context, a Actor, store *blob.Store, id uuid.UUID) (scan.Contents, error) {
	f, err := s.File(ctx, a, id)
	if err != nil {
		return scan.Contents{}, err
	}
	if f.State != "stored" {
		return scan.Contents{}, ErrFileMissing
	}
	if !slices.Contains([]string{zip, docx, xlsx, pptx}, f.MediaType) {
		return scan.Contents{}, ErrNoZip
	}
	return contents(ctx, store, f)
}
