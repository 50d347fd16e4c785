package deal

import (
	"context"
	"slices"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/money"
	"ecoport/tenants"
)

// funnelMonths is how far back registrations count.
const funnelMonths = 12

// Step is how many deals reached a stage.
type Step struct {
	Stage   string
	Reached int64 // deals that came as far, or further
	Open    int64 // that stand there now
	OpenFen int64
	WinPPM  int64 // of those that reached it and are over, how many were won
}

// Funnel is the equation of selling over the deals registered in the last twelve
// months: each step leaves some of the one before.
type Funnel struct {
	Since       string // YYYY-MM-DD, Shanghai
	Steps       []Step
	Won, Lost   int64
	WonFen      int64
	OpenFen     int64 // of all open deals
	ForecastFen int64 // of them, weighed by how often deals were won from where they stand
}

// FunnelOf counts the deals the actor sees; rejected and withdrawn ones are none.
func (s *Service) FunnelOf(ctx context.Context, a tenants.Actor) (f Funnel, err error) {
	if err := a.Need(Read); err != nil {
		return f, err
	}
	since := calendar.Now(ctx).AddDate(0, -funnelMonths, 0)
	f.Since = calendar.Date(since)
	var rows []struct {
		Stage, State string
		N, Fen       int64
	}
	if err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return narrow(tx.Model(&Deal{}), a).Where("registered_at >= ? AND state NOT IN ('rejected', 'withdrawn')", since).
			Select("stage, state, count(*) AS n, sum(amount_fen)::bigint AS fen").Group("stage, state").Scan(&rows).Error
	}); err != nil {
		return f, err
	}
	over := make([]int64, len(Stages)) // that reached the stage and are over
	for _, stage := range Stages {
		f.Steps = append(f.Steps, Step{Stage: stage})
	}
	for _, r := range rows {
		at := slices.Index(Stages, r.Stage)
		if r.State == "won" {
			at = len(Stages) - 1
			f.Won += r.N
			f.WonFen += r.Fen
		}
		closed := r.State == "won" || r.State == "lost" || r.State == "expired"
		for i := 0; i <= at; i++ {
			f.Steps[i].Reached += r.N
			if closed {
				over[i] += r.N
			}
		}
		switch {
		case !closed:
			f.Steps[at].Open += r.N
			f.Steps[at].OpenFen += r.Fen
			f.OpenFen += r.Fen
		case r.State != "won":
			f.Lost += r.N
		}
	}
	for i := range f.Steps {
		p := &f.Steps[i]
		if over[i] > 0 {
			if p.WinPPM, err = money.MulDiv(f.Won, 1_000_000, over[i]); err != nil {
				return f, err
			}
		}
		fen, err := money.Rate(p.OpenFen, p.WinPPM)
		if err != nil {
			return f, err
		}
		f.ForecastFen += fen
	}
	return f, nil
}
