package tenants

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // sizes of pictures
	_ "image/png"
	"io"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/blob"
	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/scan"
)

// File is a stored object: its name is here, its bytes are in the object
// store under a key of our own.
type File struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	PartnerID  uuid.UUID
	OrgPath    string
	Purpose    string
	Name       string
	MediaType  string
	Size       int64  // bytes
	SHA256     string `gorm:"column:sha256"` // base64; in parts, of the digests of the parts
	Upload     string // the store's name of an upload in parts, until it is whole
	Parts      int    // 0 is one piece
	Key        string
	State      string // pending, stored, quarantined
	Scan       string // unscanned, clean, infected
	UploadedBy uuid.UUID
	CreatedAt  time.Time
}

const (
	pdf  = "application/pdf"
	zip  = "application/zip"
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	csv  = "text/csv"

	importPurpose = "account_import"
	mb            = 1 << 20
)

// Shown tells whether a browser may show the file in place: a picture or a
// PDF, by what it was found to hold, under a name that says so.
func (f File) Shown() bool {
	ends := map[string][]string{pdf: {".pdf"}, "image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}}[f.MediaType]
	return slices.Contains(ends, strings.ToLower(path.Ext(f.Name)))
}

// FileRule says what files a purpose takes.
type FileRule struct {
	Purpose    string
	MediaTypes []string
	MaxBytes   int64
}

// FileRules is the table of all purposes.
var FileRules = []FileRule{
	{"partner_document", []string{pdf, "image/png", "image/jpeg"}, 20 * mb},
	{"solution_file", []string{pdf, zip, docx, xlsx, pptx, "image/png", "image/jpeg", "application/gzip", "text/plain"}, 2048 * mb},
	{"evidence", []string{pdf, zip, docx, xlsx, "image/png", "image/jpeg", "text/plain"}, 200 * mb},
	{"deal_evidence", []string{pdf, docx, "image/png", "image/jpeg"}, 20 * mb},
	{"offer_file", []string{pdf, docx, xlsx, pptx, "image/png", "image/jpeg"}, 50 * mb},
	{"acceptance", []string{pdf, "image/png", "image/jpeg"}, 20 * mb},
	{"delivery_file", []string{pdf, zip, docx, xlsx, "image/png", "image/jpeg"}, 50 * mb},
	{"dispute_file", []string{pdf, docx, xlsx, "image/png", "image/jpeg"}, 20 * mb},
	{"invoice", []string{pdf, "image/png", "image/jpeg"}, 20 * mb},
	{"ticket_file", []string{pdf, zip, docx, xlsx, "image/png", "image/jpeg", "text/plain"}, 50 * mb},
	{importPurpose, []string{xlsx, csv}, 150 * mb},
}

// Refusals about files.
var (
	ErrFileMissing  = fault.New(fault.Conflict, "file-not-arrived", "文件尚未完整上传，请重试；已填写的内容不受影响。", "The file has not arrived whole. Try again; nothing else is lost.")
	ErrFileContent  = fault.New(fault.Invalid, "file-content", "文件内容与类型不符（实际是 %s），已拒绝。", "The content does not match the type (it is %s) and was refused.")
	ErrFileInfected = fault.New(fault.Invalid, "file-infected", "文件中发现病毒，已隔离，不会保存到单据。", "A virus was found in the file. It is quarantined and not attached to anything.")
	ErrScanner      = fault.New(fault.Unavailable, "scanner", "病毒扫描服务暂时没有响应，文件已收到，请稍后重试。", "The virus scanner does not answer. The file has arrived; try again in a moment.")
	ErrPixels       = fault.New(fault.Invalid, "file-pixels", "图片尺寸过大（超过 1 亿像素），请压缩后再传。", "The picture is too large (over 100 million pixels). Make it smaller and upload again.")
)

// FileAccess tells who but the owner may read a file: OrgPath of the record
// it belongs to.
func (s *Service) fileRule(purpose string) (FileRule, bool) {
	for _, r := range FileRules {
		if r.Purpose == purpose {
			return r, true
		}
	}
	return FileRule{}, false
}

// NewFile announces an upload.
type NewFile struct {
	Purpose, Name, MediaType, SHA256 string
	Size                             int64
}

// Ticket is how a file is sent straight to the store: one link for all of it,
// or parts with links of their own, of which some may have arrived before.
type Ticket struct {
	File
	URL     string
	Headers map[string]string
	Arrived []int
}

// partsFrom is the size in bytes above which a file is sent in parts.
const partsFrom = 64 * mb

// AnnounceFile checks the rules of the purpose and signs an upload straight
// to the store, for this content only. What was begun before goes on.
func (s *Service) AnnounceFile(ctx context.Context, a Actor, store *blob.Store, n NewFile) (Ticket, error) {
	var c fault.Checker
	rule, ok := s.fileRule(n.Purpose)
	if !ok {
		c.Add("purpose", "unknown", "不是可选的用途。", "Not a known purpose.")
	} else {
		if !slices.Contains(rule.MediaTypes, n.MediaType) {
			c.Add("media_type", "type", "不支持这种文件类型。", "This type of file is not taken here.")
		}
		if n.Size > rule.MaxBytes {
			c.Add("size", "too_large", "文件超过大小上限。", "The file is over the size limit.")
		}
	}
	if err := c.Err(); err != nil {
		return Ticket{}, err
	}
	if n.Size > partsFrom {
		begun, err := s.underWay(ctx, a, store, n)
		if err != nil || begun.ID != uuid.Nil {
			return begun, err
		}
	}
	id := pg.NewID()
	f := File{
		ProvinceID: a.Tenant.ProvinceID, ID: id, TenantID: a.Tenant.ID, PartnerID: partnerOf(a), OrgPath: a.Tenant.Path, Purpose: n.Purpose,
		Name: cleanName(n.Name), MediaType: n.MediaType, Size: n.Size, SHA256: n.SHA256, Key: a.Tenant.ID.String() + "/" + id.String(),
		State: "pending", Scan: "unscanned", UploadedBy: a.User, CreatedAt: calendar.Now(ctx),
	}
	if f.PartnerID != uuid.Nil {
		f.OrgPath = a.Tenant.Root() // the province reads what its partners hand in
	}
	t := Ticket{Arrived: []int{}}
	var err error
	if n.Size > partsFrom {
		f.Parts = blob.PartsOf(f.Size)
		f.Upload, err = store.StartParts(ctx, f.Key, f.MediaType)
	} else {
		t.URL, t.Headers, err = store.PresignPut(ctx, f.Key, f.Size, f.SHA256, f.MediaType, 5*time.Minute)
	}
	if err != nil {
		return t, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error { return tx.Create(&f).Error })
	t.File = f
	return t, err
}

func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
}

// CompleteFile looks at what arrived in the store: all of it, and of the type
// it says, by content.
func (s *Service) CompleteFile(ctx context.Context, a Actor, store *blob.Store, id uuid.UUID) (File, error) {
	f, err := s.File(ctx, a, id)
	if err != nil || f.State == "stored" {
		return f, err
	}
	if f.State == "quarantined" {
		return f, ErrFileInfected
	}
	if f.Upload != "" {
		if err := s.join(ctx, store, &f); err != nil {
			return f, err
		}
	}
	reader, object, err := store.Get(ctx, f.Key)
	if err != nil || object.Size != f.Size {
		return f, ErrFileMissing
	}
	defer reader.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(reader, head)
	if err != nil && n == 0 {
		return f, ErrFileMissing
	}
	actual := sniff(head[:n])
	if !sameKind(actual, f.MediaType) {
		_ = store.Delete(ctx, f.Key)
		return f, ErrFileContent.Fill(actual)
	}
	if strings.HasPrefix(actual, "image/") {
		if err := pixels(io.MultiReader(bytes.NewReader(head[:n]), reader)); err != nil {
			_ = store.Delete(ctx, f.Key)
			return f, err
		}
	}
	if actual == zip && f.Purpose != importPurpose { // an import reads its sheet with limits of its own
		if _, err := contents(ctx, store, f); err != nil {
			if errors.As(err, new(*fault.Error)) {
				_ = store.Delete(ctx, f.Key)
			}
			return f, err
		}
	}
	f.State = "stored"
	if s.scanner != nil {
		if err := s.scan(ctx, store, &f); err != nil {
			return f, err
		}
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		res := tx.Exec(`UPDATE files SET state = ?, scan = ?, upload = '' WHERE province_id = ? AND id = ? AND state = 'pending'`, f.State, f.Scan, f.ProvinceID, f.ID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 { // completed by another request, or cancelled, at this moment
			var now string
			if err := tx.Raw(`SELECT state FROM files WHERE province_id = ? AND id = ?`, f.ProvinceID, f.ID).Scan(&now).Error; err != nil || now != "" {
				return err
			}
			return ErrFileMissing
		}
		Record(ctx, tx, a, Entry{Action: "upload", Resource: "file", ID: f.ID, Label: f.Name, OrgPath: f.OrgPath, Partner: f.PartnerID, To: f.State})
		return nil
	})
	if err == nil && f.State == "quarantined" {
		return f, ErrFileInfected
	}
	return f, err
}

// ScanWith has every upload looked at by a virus scanner; wiring only. Without
// one files are marked unscanned.
func (s *Service) ScanWith(scanner *scan.Scanner) { s.scanner = scanner }

func (s *Service) scan(ctx context.Context, store *blob.Store, f *File) error {
	whole, _, err := store.Get(ctx, f.Key)
	if err != nil {
		return ErrFileMissing
	}
	defer whole.Close()
	found, err := s.scanner.Scan(ctx, whole)
	if err != nil {
		slog.Error("an upload could not be scanned", "file", f.ID, "error", err)
		return ErrScanner
	}
	f.Scan = "clean"
	if found != "" {
		f.Scan, f.State = "infected", "quarantined"
	}
	return nil
}

// pixelLimit bounds a picture: a small file can claim to be a very large one.
const pixelLimit = 100_000_000

func pixels(r io.Reader) error {
	config, _, err := image.DecodeConfig(r)
	if err != nil {
		return ErrFileContent.Fill("application/octet-stream")
	}
	if config.Width*config.Height > pixelLimit {
		return ErrPixels
	}
	return nil
}

// sniff names the media type by content.
func sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return zip
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return "application/gzip"
	}
	t, _, _ := strings.Cut(http.DetectContentType(head), ";")
	return t
}

// sameKind allows for office files, which are archives, and for tables of plain text.
func sameKind(actual, declared string) bool {
	return actual == declared || (actual == "text/plain" && declared == csv) || (actual == zip && slices.Contains([]string{docx, xlsx, pptx}, declared))
}

// FileGuard tells whether the actor reads a record that a file hangs on.
type FileGuard func(tx *pg.Tx, a Actor, file uuid.UUID) (bool, error)

// GuardFiles leaves it to the package above who reads files of a purpose besides
// who sent them; wiring only. Files of a purpose without a guard are read by
// their sender alone.
func (s *Service) GuardFiles(purpose string, sees FileGuard) { s.fileGuards[purpose] = sees }

// File finds a file the actor may read: the own upload, or one of a record
// that the actor reads.
func (s *Service) File(ctx context.Context, a Actor, id uuid.UUID) (File, error) {
	var f File
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		if err := pg.One(Rows(tx).Where("id = ?", id), &f); err != nil {
			return err
		}
		if a.IsSystem() || a.Is(f.UploadedBy) && f.TenantID == a.Tenant.ID {
			return nil
		}
		guard := s.fileGuards[f.Purpose]
		if guard == nil { // nobody but who sent it
			return fault.ErrMissing
		}
		sees, err := guard(tx, a, id)
		if err == nil && !sees {
			err = fault.ErrMissing
		}
		return err
	})
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// OwnFile checks, inside a transaction, that a file belongs to the actor's
// tenant, serves the purpose and has arrived.
func OwnFile(tx *pg.Tx, a Actor, id uuid.UUID, purpose string) (File, error) {
	var f File
	if err := pg.One(tx.Where("province_id = ? AND id = ? AND tenant_id = ? AND purpose = ?", a.Tenant.ProvinceID, id, a.Tenant.ID, purpose), &f); err != nil {
		return f, err
	}
	if f.State != "stored" {
		return f, ErrFileMissing
	}
	return f, nil
}

// Files finds several files, in the order of the ids; unknown ones are left out.
func Files(tx *pg.Tx, ids []uuid.UUID) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var found []File
	if err := Rows(tx).Where("id IN ?", ids).Find(&found).Error; err != nil {
		return nil, err
	}
	byID := map[uuid.UUID]File{}
	for _, f := range found {
		byID[f.ID] = f
	}
	out := make([]File, 0, len(ids))
	for _, id := range ids {
		if f, ok := byID[id]; ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// ErrFileShared says that a file hangs on a record that others see.
var ErrFileShared = fault.New(fault.Conflict, "file-shared", "这个文件已用在别处，请重新上传一份。", "This file is in use elsewhere. Upload it again.")

// ShareFile lets those who see a record see its file: by path for the
// operator, by owner for the partner. A file that was shared with others before
// stays theirs.
func ShareFile(tx *pg.Tx, id uuid.UUID, orgPath string, partner uuid.UUID) error {
	res := tx.Exec(`UPDATE files f SET org_path = ?, partner_id = ? FROM tenants t WHERE f.province_id = ? AND f.id = ? AND t.province_id = f.province_id AND t.id = f.tenant_id
		AND ((f.org_path = ? AND f.partner_id = ?) OR (f.org_path, f.partner_id) = (CASE WHEN t.kind = 'partner' THEN split_part(t.path, '/', 1) || '/' ELSE t.path END, CASE WHEN t.kind = 'partner' THEN t.id ELSE ?::uuid END))`,
		orgPath, partner, tx.Identity.Province, id, orgPath, partner, uuid.Nil)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrFileShared
	}
	return res.Error
}
