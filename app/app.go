// Package app wires the portal and runs it: main and the end-to-end tests
// start the same type.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/google/uuid"

	"ecoport/app/config"
	"ecoport/app/migrations"
	"ecoport/app/platform/blob"
	"ecoport/app/platform/mail"
	"ecoport/app/platform/outbound"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/queue"
	"ecoport/app/platform/scan"
	"ecoport/app/platform/seal"
	"ecoport/app/platform/token"
	"ecoport/app/web"
	"ecoport/marketplace/care"
	"ecoport/marketplace/certification"
	"ecoport/marketplace/commission"
	"ecoport/marketplace/deal"
	"ecoport/marketplace/graduation"
	"ecoport/marketplace/insight"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/order"
	"ecoport/marketplace/review"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/marketplace/trial"
	"ecoport/tenants"
	"ecoport/tenants/account"
	"ecoport/tenants/notice"
	"ecoport/tenants/partner"
	"ecoport/tenants/policy"
	"ecoport/tenants/webhook"
)

// App is the whole portal in one process.
type App struct {
	Services web.Services
	Server   *web.Server

	config config.Config
	worker *queue.Worker
	stop   context.CancelFunc
}

// Migrate brings the schema up to date and returns the address the server
// itself logs in with.
func Migrate(ctx context.Context, c config.Config) (string, error) {
	if c.OwnerURL == "" {
		return c.AppURL, nil
	}
	if err := migrations.Up(ctx, c.OwnerURL); err != nil {
		return "", err
	}
	if c.AppURL != "" {
		return c.AppURL, nil
	}
	return pg.LoginURL(ctx, c.OwnerURL)
}

// New connects everything; nothing runs yet.
func New(ctx context.Context, c config.Config) (*App, error) {
	login, err := Migrate(ctx, c)
	if err != nil {
		return nil, err
	}
	db, err := pg.Open(ctx, login, c.PoolSize)
	if err != nil {
		return nil, err
	}
	a := &App{config: c}
	if a.Services, err = services(c, db); err != nil {
		db.Close()
		return nil, err
	}
	a.Server = web.New(a.Services)
	if a.worker, err = queue.NewWorker(db.Pool(), a.handlers(), schedules, 2); err != nil {
		db.Close()
		return nil, err
	}
	return a, nil
}

func services(c config.Config, db *pg.DB) (web.Services, error) {
	store, err := blob.New(blob.Config{Endpoint: c.S3Endpoint, PublicEndpoint: c.PublicStore(), AccessKey: c.S3AccessKey, SecretKey: c.S3SecretKey, Region: c.S3Region, Bucket: c.S3Bucket})
	if err != nil {
		return web.Services{}, err
	}
	seed, err := c.Secret("session")
	if err != nil {
		return web.Services{}, err
	}
	signer, err := token.NewSigner(seed)
	if err != nil {
		return web.Services{}, err
	}
	rules, err := policy.New(Roles, DutiesApart...)
	if err != nil {
		return web.Services{}, err
	}
	cursorKey, err := c.Secret("cursor")
	if err != nil {
		return web.Services{}, err
	}
	o, err := tenantsOptions(c)
	if err != nil {
		return web.Services{}, err
	}
	people := tenants.NewService(db, rules, signer, o)
	people.AlsoReview(account.Reviewed())
	if c.ClamdAddress != "" {
		people.ScanWith(scan.New(c.ClamdAddress))
	}
	told := notice.NewService(db, people, Notices, o.Mail, c.BaseURL)
	tenants.Heed(db, heed(told.Book()))
	deals, orders := deal.NewService(db, people), order.NewService(db, people)
	told.Ask("deal", func(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
		_, err := deals.Get(ctx, a, id)
		return err
	})
	told.Ask("order", func(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
		_, err := orders.Get(ctx, a, id)
		return err
	})
	firms := partner.NewService(db, people)
	tickets := care.NewService(db)
	told.Ask("ticket", func(ctx context.Context, a tenants.Actor, id uuid.UUID) error {
		_, err := tickets.Get(ctx, a, id)
		return err
	})
	reviews := review.NewService(db, people)
	certifications := certification.NewService(db, reviews, o.Outbound)
	told.Address("certification", certifications.Addressees)
	told.Address("listing", reviews.Addressees)
	listings := listing.NewService(db, people, reviews)
	people.GuardFiles("partner_document", partner.SeesFile)
	people.GuardFiles("solution_file", solution.SeesFile)
	people.GuardFiles("evidence", certification.SeesFile)
	people.GuardFiles("ticket_file", care.SeesFile)
	people.GuardFiles("deal_evidence", deal.SeesFile)
	people.GuardFiles("acceptance", order.SeesFile)
	people.GuardFiles("dispute_file", commission.SeesDisputeFile)
	people.GuardFiles("invoice", commission.SeesInvoice)
	people.GuardFiles("delivery_file", order.SeesDeliveryFile)
	people.GuardFiles("offer_file", listing.SeesFile)
	accounts := account.NewService(db, people)
	accounts.Guards = append(accounts.Guards, order.AccountsInUse)
	return web.Services{
		Options: web.Options{StoreOrigin: origin(c.PublicStore()), Secure: c.Secure(), BaseURL: c.BaseURL, CursorKey: cursorKey, Proxies: c.Proxies},
		DB:      db, Blob: store, Tenants: people,
		Notices:        told,
		Webhooks:       webhook.NewService(db, people, o.Seal, o.Outbound, c.BaseURL, web.PageOf),
		Partners:       firms,
		Standings:      standing.NewService(db, firms),
		Accounts:       accounts,
		Solutions:      solution.NewService(db),
		Certifications: certifications,
		Reviews:        reviews,
		Listings:       listings,
		Trials:         trial.NewService(db, listings),
		Graduations:    graduation.NewService(db, people, listings),
		Deals:          deals,
		Orders:         orders,
		Care:           tickets,
		Insight:        insight.NewService(db),
		Commissions:    commission.NewService(db, people),
	}, nil
}

func tenantsOptions(c config.Config) (tenants.Options, error) {
	o := tenants.Options{
		SecondFactor: c.SecondFactor != "optional", Sensitive: Sensitive, WhileSuspended: WhileSuspended, BaseURL: c.BaseURL,
		Outbound: outbound.Rules{Allow: c.OutboundAllow, HTTP: c.OutboundHTTP},
	}
	if c.DNSServer != "" {
		o.Outbound.Resolver = outbound.Resolver(c.DNSServer)
	}
	key, err := c.Secret("totp")
	if err != nil {
		return o, err
	}
	if o.Seal, err = seal.New(key); err != nil {
		return o, err
	}
	if c.SMTPURL != "" {
		o.Mail, err = mail.New(c.SMTPURL, c.MailFrom)
	}
	return o, err
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Run serves and works until ctx ends, then finishes what is under way.
func (a *App) Run(ctx context.Context) error {
	if err := a.Services.Blob.EnsureBucket(ctx, []string{a.config.BaseURL}); err != nil {
		return fmt.Errorf("the object store does not answer: %w", err)
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	if err := a.worker.Start(background); err != nil {
		return err
	}
	go a.listen(background)
	served := make(chan error, 1)
	go func() { served <- a.Server.Listen(net.JoinHostPort(a.config.Host, a.config.Port)) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	return a.Close()
}

// Close finishes requests and jobs, then lets go of the database.
func (a *App) Close() error {
	err := a.Server.Shutdown(10 * time.Second)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err = errors.Join(err, a.worker.Stop(ctx))
	if a.stop != nil {
		a.stop()
	}
	a.Services.DB.Close()
	return err
}

// listen passes what other replicas and our own transactions announce to the
// open streams. It needs a connection of its own and survives losing it.
func (a *App) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := func() error {
			conn, err := a.Services.DB.Pool().Acquire(ctx)
			if err != nil {
				return err
			}
			defer conn.Release()
			// A listening session is not reused.
			defer conn.Conn().Close(context.Background())
			if _, err := conn.Exec(ctx, "LISTEN "+tenants.Channel); err != nil {
				return err
			}
			a.Server.Missed()
			for {
				n, err := conn.Conn().WaitForNotification(ctx)
				if err != nil {
					return err
				}
				var h tenants.Happening
				if json.Unmarshal([]byte(n.Payload), &h) == nil {
					a.Server.Tell(h)
				}
			}
		}()
		if ctx.Err() == nil {
			slog.Warn("live events were interrupted", "error", err)
			time.Sleep(time.Second)
		}
	}
}
