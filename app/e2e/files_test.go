package e2e

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"ecoport/app/platform/scan"
)

// send announces a file and puts its bytes, and returns the answer of the
// portal to its completion.
func (u *person) send(purpose, name, mediaType string, content []byte) (id string, done answer) {
	u.p.Helper()
	sum := sha256.Sum256(content)
	a := u.post("/api/files", map[string]any{"purpose": purpose, "name": name, "media_type": mediaType, "size": len(content), "sha256": base64.StdEncoding.EncodeToString(sum[:])}).is(http.StatusOK)
	q, err := http.NewRequest(http.MethodPut, a.text("url"), bytes.NewReader(content))
	require.NoError(u.p, err)
	headers, _ := a.at("headers").(map[string]any)
	for k, v := range headers {
		q.Header.Set(k, fmt.Sprint(v))
	}
	q.ContentLength = int64(len(content))
	res, err := http.DefaultClient.Do(q)
	require.NoError(u.p, err)
	res.Body.Close()
	require.Equal(u.p, http.StatusOK, res.StatusCode)
	id = a.text("file.id")
	return id, u.post("/api/files/"+id+"/complete", nil)
}

// TestA29TypeByContent: what a file is says its content, not its name.
func TestA29TypeByContent(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	for name, content := range map[string]string{
		"a page":    "<!DOCTYPE html><html><script>alert(1)</script></html>",
		"a program": "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + strings.Repeat("\x00", 64),
		"a picture": "\x89PNG\r\n\x1a\n" + strings.Repeat("x", 64),
		"an SVG":    `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
	} {
		id, done := author.send("solution_file", "说明.pdf", "application/pdf", []byte(content))
		done.is(http.StatusUnprocessableEntity, "file-content")
		author.get("/api/files/"+id+"/link").is(http.StatusConflict, "file-not-arrived")
		require.Equal(t, "pending", one[string](p, `SELECT state FROM files WHERE id = $1`, id), name)
	}
	author.post("/api/files", map[string]any{"purpose": "solution_file", "name": "x.html", "media_type": "text/html", "size": 10, "sha256": strings.Repeat("A", 43) + "="}).is(http.StatusUnprocessableEntity)
}

// TestA30ArchivesThatUnpackToTooMuch: a small workbook that claims gigabytes
// fails its import with words; the portal goes on.
func TestA30ArchivesThatUnpackToTooMuch(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.Guangzhou, "city_admin")
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		f, err := z.Create(name)
		require.NoError(t, err)
		zeros := make([]byte, 1<<20)
		for range 600 {
			_, err = f.Write(zeros)
			require.NoError(t, err)
		}
	}
	require.NoError(t, z.Close())
	require.Less(t, bomb.Len(), 4<<20)
	id, done := admin.send("account_import", "客户.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bomb.Bytes())
	done.is(http.StatusOK)
	run := admin.post("/api/imports", map[string]any{"file_id": id}).is(http.StatusOK).text("id")
	p.eventually("the import fails", func() bool {
		a := admin.get("/api/imports/" + run).is(http.StatusOK)
		require.NotContains(t, []string{"checked", "applied"}, a.text("state"))
		return a.text("state") == "failed" && a.text("reason") != ""
	})
}

// TestA31ActiveContent: what is handed out comes as an attachment of no type a
// browser runs.
func TestA31ActiveContent(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	id := author.upload("solution_file", "说明.html.pdf", "application/pdf", pdf)
	res, err := http.Get(author.get("/api/files/" + id + "/link").is(http.StatusOK).text("url"))
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.True(t, strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment"), res.Header.Get("Content-Disposition"))
	require.Equal(t, "application/octet-stream", res.Header.Get("Content-Type"))
	for _, path := range []string{"/", "/api/me", "/api/docs", "/nothing"} {
		a := author.get(path)
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"), path)
		policy := a.Header.Get("Content-Security-Policy")
		for _, rule := range []string{"default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
			require.Contains(t, policy, rule, path)
		}
	}
}

// clamd is a daemon that knows one signature.
func clamd(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				command := make([]byte, len("zINSTREAM\x00"))
				if _, err := io.ReadFull(c, command); err != nil || string(command) != "zINSTREAM\x00" {
					return
				}
				var body bytes.Buffer
				for {
					var n uint32
					if binary.Read(c, binary.BigEndian, &n) != nil {
						return
					}
					if n == 0 {
						break
					}
					if _, err := io.CopyN(&body, c, int64(n)); err != nil {
						return
					}
				}
				said := "stream: OK\x00"
				if strings.Contains(body.String(), "EICAR-STANDARD-ANTIVIRUS-TEST-FILE") {
					said = "stream: Eicar-Test-Signature FOUND\x00"
				}
				_, _ = io.WriteString(c, said)
			}()
		}
	}()
	return l.Addr().String()
}

// TestA33Quarantine: an infected file is kept apart and can be neither read
// nor attached; without an answer of the scanner nothing is taken as clean.
func TestA33Quarantine(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	p.Services.Tenants.ScanWith(scan.New("127.0.0.1:1"))
	id, done := author.send("solution_file", "a.pdf", "application/pdf", pdf)
	done.is(http.StatusServiceUnavailable, "scanner")
	author.get("/api/files/"+id+"/link").is(http.StatusConflict, "file-not-arrived")
	p.Services.Tenants.ScanWith(scan.New(clamd(t)))
	done = author.post("/api/files/"+id+"/complete", nil).is(http.StatusOK)
	require.Equal(t, "clean", done.text("scan"), "the same file, once the scanner answers")
	eicar := append(append([]byte{}, pdf...), []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)...)
	bad, done := author.send("solution_file", "b.pdf", "application/pdf", eicar)
	done.is(http.StatusUnprocessableEntity, "file-infected")
	author.post("/api/files/"+bad+"/complete", nil).is(http.StatusUnprocessableEntity, "file-infected")
	author.get("/api/files/"+bad+"/link").is(http.StatusConflict, "file-not-arrived")
	require.Equal(t, "quarantined", one[string](p, `SELECT state FROM files WHERE id = $1`, bad))
	require.EqualValues(t, 1, one[int64](p, `SELECT count(*) FROM audit_events WHERE resource_id = $1 AND to_state = 'quarantined'`, bad))
}

// TestA35Keys: the store's keys are ours alone; guessing and listing get nothing.
func TestA35Keys(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	id := author.upload("solution_file", "../../etc/passwd.pdf", "application/pdf", pdf)
	key := one[string](p, `SELECT key FROM files WHERE id = $1`, id)
	require.Equal(t, gd.SI.ID.String()+"/"+id, key)
	store := p.config.S3Endpoint
	if !strings.Contains(store, "://") {
		store = "http://" + store
	}
	for _, path := range []string{"/e2e/" + key, "/e2e/", "/e2e?list-type=2", "/e2e/" + gd.SI.ID.String() + "/", "/"} {
		res, err := http.Get(store + path)
		require.NoError(t, err)
		res.Body.Close()
		require.Equal(t, http.StatusForbidden, res.StatusCode, path)
	}
}

// TestA36PixelFlood: a picture that claims more pixels than anybody needs is
// refused before anything decodes it.
func TestA36PixelFlood(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	admin := p.staff(gd, gd.SI, "partner_admin")
	var small bytes.Buffer
	require.NoError(t, png.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8))))
	_, done := admin.send("partner_document", "ok.png", "image/png", small.Bytes())
	done.is(http.StatusOK)
	huge := append([]byte{}, small.Bytes()...)
	binary.BigEndian.PutUint32(huge[16:], 60_000)
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	_, done = admin.send("partner_document", "huge.png", "image/png", huge)
	done.is(http.StatusUnprocessableEntity, "file-pixels")
	_, done = admin.send("partner_document", "broken.png", "image/png", small.Bytes()[:20])
	done.is(http.StatusUnprocessableEntity, "file-content")
}

// TestA05FilesOfOthers: links, imports and exports of another person's tenant
// do not exist; a link is for who may read the record the file belongs to.
func TestA05FilesOfOthers(t *testing.T) {
	t.Parallel()
	p, gd, hn := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	file := author.upload("solution_file", "方案.pdf", "application/pdf", pdf)
	for _, other := range []*person{p.staff(gd, gd.Agent, "agent"), p.staff(gd, gd.Guangzhou, "city_admin"), p.staff(hn, hn.Tenant, "product_manager"), p.staff(hn, hn.SI, "solution_author")} {
		same(t, other.name, other.get("/api/files/"+file+"/link").is(http.StatusNotFound), other.get("/api/files/"+uuid.NewString()+"/link"))
		same(t, other.name, other.post("/api/files/"+file+"/complete", nil).is(http.StatusNotFound), other.post("/api/files/"+uuid.NewString()+"/complete", nil))
	}
	gz, sz := p.staff(gd, gd.Guangzhou, "city_admin"), p.staff(gd, gd.Shenzhen, "city_admin")
	sheet := gz.upload("account_import", "客户.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", gz.get("/api/accounts/template.xlsx").is(http.StatusOK).Body)
	sz.post("/api/imports", map[string]any{"file_id": sheet}).is(http.StatusNotFound)
	run := gz.post("/api/imports", map[string]any{"file_id": sheet}).is(http.StatusOK).text("id")
	same(t, "import", sz.get("/api/imports/"+run).is(http.StatusNotFound), sz.get("/api/imports/"+uuid.NewString()))
	for _, verb := range []string{"apply", "cancel"} {
		same(t, verb, sz.post("/api/imports/"+run+"/"+verb, nil).is(http.StatusNotFound), sz.post("/api/imports/"+uuid.NewString()+"/"+verb, nil))
	}
}

// TestA05FilesOfTheOwnCompany: the wall inside a tenant. A file is read by whoever
// reads the record it hangs on; before it hangs on one, and a sheet of customers
// always, by who sent it. Nobody else's screen hears of its number.
func TestA05FilesOfTheOwnCompany(t *testing.T) {
	t.Parallel()
	j := newBench(t)
	link := func(u *person, id string, status int) {
		t.Helper()
		for _, path := range []string{"/link", "/link?inline=true"} {
			u.get("/api/files/" + id + path).is(status)
		}
	}
	city := func(role string) *person { return j.staff(j.gd, j.gd.Guangzhou, role) }
	admin := city("city_admin")
	hears := j.listen(city("account_manager"))
	sheet := admin.upload("account_import", "客户.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", admin.get("/api/accounts/template.xlsx").is(http.StatusOK).Body)
	link(admin, sheet, http.StatusOK)
	for _, role := range []string{"account_manager", "city_product_manager", "city_channel_manager", "industry_manager"} {
		link(city(role), sheet, http.StatusNotFound)
		city(role).get("/api/files/" + sheet + "/contents").is(http.StatusNotFound)
	}
	require.NotContains(t, hears(), sheet)

	path, version := j.submitted("内墙一号")
	pkg := one[string](j.portal, `SELECT file_id::text FROM version_files WHERE version_id = $1 LIMIT 1`, version)
	j.tester.post(path+"/claim", nil).is(http.StatusOK)
	proof := j.tester.upload("evidence", "log.txt", "text/plain", []byte("tested by hand\n"))
	link(j.product, proof, http.StatusNotFound) // it hangs on nothing yet
	check := j.tester.get(path).text("stages.1.checks.0.id")
	j.tester.put(path+"/checks/"+check, map[string]any{"result": "pass", "measured": "100 %", "evidence": []string{proof}}).is(http.StatusOK)
	paper := one[string](j.portal, `SELECT file_id::text FROM partner_documents WHERE partner_id = $1 LIMIT 1`, j.firm)
	province := func(role string) *person { return j.staff(j.gd, j.gd.Tenant, role) }
	for _, role := range []string{"care_agent", "settlement_officer"} {
		for _, id := range []string{pkg, proof, paper} {
			link(province(role), id, http.StatusNotFound)
		}
	}
	link(j.product, pkg, http.StatusOK)
	link(j.product, proof, http.StatusOK)
	link(j.author, proof, http.StatusOK)
	link(j.channel, paper, http.StatusOK)
	link(j.tester, paper, http.StatusNotFound)
	secret := invite(j.admin, "desk@yuehai.example", "support_engineer")
	desk := j.visitor("desk")
	desk.post("/api/invitations/accept", map[string]any{"token": secret, "name": "支撑", "password": chosen}).is(http.StatusOK)
	link(desk, paper, http.StatusNotFound)
	link(desk, proof, http.StatusNotFound)
}

// large is a file that is sent in parts: noise after the head of a kind.
type large struct {
	content []byte
	sums    []string
	whole   string
}

const partSize = 16 << 20

func (f large) part(n int) []byte { return f.content[(n-1)*partSize : min(n*partSize, len(f.content))] }

func newLarge(t *testing.T, size int) large {
	t.Helper()
	f := large{content: make([]byte, size)}
	_, err := rand.Read(f.content)
	require.NoError(t, err)
	copy(f.content, "%PDF-1.4\n")
	whole := sha256.New()
	for n := 1; (n-1)*partSize < size; n++ {
		sum := sha256.Sum256(f.part(n))
		whole.Write(sum[:])
		f.sums = append(f.sums, base64.StdEncoding.EncodeToString(sum[:]))
	}
	f.whole = base64.StdEncoding.EncodeToString(whole.Sum(nil))
	return f
}

func (u *person) announce(f large) answer {
	u.p.Helper()
	return u.post("/api/files", map[string]any{"purpose": "solution_file", "name": "安装包.pdf", "media_type": "application/pdf", "size": len(f.content), "sha256": f.whole}).is(http.StatusOK)
}

func (u *person) putPart(id string, f large, n int) {
	u.p.Helper()
	link := u.post("/api/files/"+id+"/parts", map[string]any{"parts": []any{map[string]any{"number": n, "sha256": f.sums[n-1]}}}).is(http.StatusOK)
	q, err := http.NewRequest(http.MethodPut, link.text("items.0.url"), bytes.NewReader(f.part(n)))
	require.NoError(u.p, err)
	headers, _ := link.at("items.0.headers").(map[string]any)
	for k, v := range headers {
		q.Header.Set(k, fmt.Sprint(v))
	}
	res, err := http.DefaultClient.Do(q)
	require.NoError(u.p, err)
	res.Body.Close()
	require.Equal(u.p, http.StatusOK, res.StatusCode)
}

// TestLargeFilesGoOn: a large file is sent in parts, each checked by the
// store; who comes back goes on where it stopped, nobody else does; what was
// sent is what was chosen.
func TestLargeFilesGoOn(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author, colleague, stranger := p.staff(gd, gd.SI, "solution_author"), p.staff(gd, gd.SI, "partner_admin"), p.staff(gd, gd.Agent, "agent")
	f := newLarge(t, 64<<20+777)
	begun := author.announce(f)
	id := begun.text("file.id")
	require.Equal(t, []float64{5, partSize}, []float64{begun.number("parts"), begun.number("part_size")})
	require.Empty(t, begun.text("url"))
	author.putPart(id, f, 1)
	author.putPart(id, f, 4)
	author.post("/api/files/"+id+"/complete", nil).is(http.StatusConflict, "file-not-arrived")
	author.post("/api/files/"+id+"/parts", map[string]any{"parts": []any{map[string]any{"number": 6, "sha256": f.sums[0]}}}).is(http.StatusUnprocessableEntity, "file-part")
	for _, u := range []*person{colleague, stranger} {
		u.post("/api/files/"+id+"/parts", map[string]any{"parts": []any{map[string]any{"number": 2, "sha256": f.sums[1]}}}).is(http.StatusNotFound)
		u.do(http.MethodDelete, "/api/files/"+id, nil).is(http.StatusNotFound)
	}
	require.NotEqual(t, id, colleague.announce(f).text("file.id"), "another person's upload is another's")

	again := author.announce(f)
	require.Equal(t, id, again.text("file.id"))
	require.Equal(t, []any{1.0, 4.0}, again.at("arrived"))
	for _, n := range []int{2, 3, 5} {
		author.putPart(id, f, n)
	}
	require.Equal(t, "stored", author.post("/api/files/"+id+"/complete", nil).is(http.StatusOK).text("state"))
	author.post("/api/files/"+id+"/complete", nil).is(http.StatusOK)
	author.do(http.MethodDelete, "/api/files/"+id, nil).is(http.StatusConflict, "file-sent")
	res, err := http.Get(author.get("/api/files/" + id + "/link").is(http.StatusOK).text("url"))
	require.NoError(t, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal(f.content, got))

	// A file that changed while it was sent: every part is right, the whole is not.
	other := newLarge(t, 64<<20+1)
	other.whole = f.whole
	id = author.announce(other).text("file.id")
	for n := range other.sums {
		author.putPart(id, other, n+1)
	}
	author.post("/api/files/"+id+"/complete", nil).is(http.StatusConflict, "file-changed")

	// What was cancelled, or not gone on with for a week, is forgotten.
	id = author.announce(newLarge(t, 64<<20+2)).text("file.id")
	author.do(http.MethodDelete, "/api/files/"+id, nil).is(http.StatusOK)
	require.Zero(t, one[int64](p, `SELECT count(*) FROM files WHERE id = $1`, id))
	old := newLarge(t, 64<<20+3)
	id = author.announce(old).text("file.id")
	author.putPart(id, old, 1)
	p.exec(`UPDATE files SET created_at = now() - interval '8 days' WHERE id = $1`, id)
	require.NotEqual(t, id, author.announce(old).text("file.id"))
	require.NoError(t, p.Services.Tenants.TidyUploads(t.Context(), p.Services.Blob, gd.ID))
	require.Zero(t, one[int64](p, `SELECT count(*) FROM files WHERE id = $1`, id))
}

// TestA30ArchivesAreLookedInto: what unpacks to too much, elsewhere or behind a
// password is refused when it arrives; testers see what the rest holds.
func TestA30ArchivesAreLookedInto(t *testing.T) {
	t.Parallel()
	p, gd, _ := withStaff(t)
	author := p.staff(gd, gd.SI, "solution_author")
	packed := func(fill func(z *zip.Writer)) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		fill(z)
		require.NoError(t, z.Close())
		return b.Bytes()
	}
	zeros := make([]byte, 1<<20)
	for what, fill := range map[string]func(z *zip.Writer){
		"a bomb": func(z *zip.Writer) {
			w, _ := z.Create("0")
			for range 300 {
				_, _ = w.Write(zeros)
			}
		},
		"a way out":  func(z *zip.Writer) { _, _ = z.Create("../../etc/cron.d/x") },
		"a password": func(z *zip.Writer) { _, _ = z.CreateHeader(&zip.FileHeader{Name: "x", Flags: 1}) },
	} {
		id, done := author.send("solution_file", "包.zip", "application/zip", packed(fill))
		done.is(http.StatusUnprocessableEntity, "file-archive")
		author.get("/api/files/" + id + "/link").is(http.StatusConflict)
		require.NotEmpty(t, what)
	}
	id, done := author.send("solution_file", "包.zip", "application/zip", packed(func(z *zip.Writer) {
		w, _ := z.Create("docs/手册.txt")
		_, _ = w.Write([]byte("hello"))
	}))
	done.is(http.StatusOK)
	inside := author.get("/api/files/" + id + "/contents").is(http.StatusOK)
	require.Equal(t, []string{"docs/手册.txt"}, inside.all("items", "name"))
	require.EqualValues(t, 5, inside.number("unpacked"))
	p.staff(gd, gd.Agent, "agent").get("/api/files/" + id + "/contents").is(http.StatusNotFound)
	doc := author.upload("solution_file", "说明.pdf", "application/pdf", pdf)
	author.get("/api/files/"+doc+"/contents").is(http.StatusConflict, "file-no-archive")
	// In place only what is what it says.
	shown := func(id string) string {
		res, err := http.Get(author.get("/api/files/" + id + "/link?inline=true").is(http.StatusOK).text("url"))
		require.NoError(t, err)
		res.Body.Close()
		return res.Header.Get("Content-Disposition")[:6] + " " + res.Header.Get("Content-Type")
	}
	require.Equal(t, "inline application/pdf", shown(doc))
	require.Equal(t, "attach application/octet-stream", shown(id))
	require.Equal(t, "attach application/octet-stream", shown(author.upload("solution_file", "说明.html", "application/pdf", pdf)))
}
