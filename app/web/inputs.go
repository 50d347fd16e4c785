package web

// Inputs of the operations: path, query and body of each.

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"120"`
		Password string `json:"password" maxLength:"200"`
		Code     string `json:"code,omitempty" maxLength:"40" doc:"Of the second factor, or a recovery code; asked for with the problem second-factor"`
	}
}

type switchInput struct {
	Body struct {
		MembershipID string `json:"membership_id" format:"uuid"`
	}
}

type localeInput struct {
	Body struct {
		Locale string `json:"locale" enum:"zh,en"`
	}
}

type inviteInput struct {
	Body struct {
		Email     string   `json:"email" maxLength:"120"`
		Roles     []string `json:"roles" minItems:"1" uniqueItems:"true"`
		Districts []string `json:"districts,omitempty" uniqueItems:"true"`
	}
}

type tokenInput struct {
	Token string `path:"token" maxLength:"100"`
}

type acceptInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100"`
		Name     string `json:"name,omitempty" maxLength:"60"`
		Password string `json:"password" maxLength:"200"`
		Code     string `json:"code,omitempty" maxLength:"40"`
	}
}

type memberInput struct {
	ByID
	Body struct {
		Roles     []string `json:"roles" minItems:"1" uniqueItems:"true"`
		Districts []string `json:"districts,omitempty" uniqueItems:"true"`
		Version   int64    `json:"version"`
	}
}

type newFileInput struct{ Body NewFile }

type offerFileInput struct {
	SubInput
	Inline bool `query:"inline" doc:"To be shown in place, where the type allows it"`
}

type fileLinkInput struct {
	ByID
	Inline bool `query:"inline" doc:"To be shown in place, where the type allows it"`
}

type partLinksInput struct {
	ByID
	Body struct {
		Parts []PartSum `json:"parts" minItems:"1" maxItems:"32" nullable:"false"`
	}
}

type registerInput struct{ Body PartnerRegistration }

type partnersInput struct {
	Paging
	State string `query:"state" enum:"draft,applied,under_review,more_info,rejected,contested,active,suspended,terminated"`
	Queue bool   `query:"queue" doc:"Only what waits for the operator"`
	Q     string `query:"q" maxLength:"80"`
}

type partnerInput struct {
	ByID
	Body struct {
		PartnerProfile
		Version int64 `json:"version"`
	}
}

type rejectInput struct {
	ByID
	Body struct {
		Reason    string `json:"reason,omitempty" maxLength:"2000"`
		Code      string `json:"code" enum:"documents_incomplete,documents_mismatch,out_of_scope,not_capable,integrity,other"`
		ReapplyOn string `json:"reapply_on,omitempty" format:"date" doc:"First day to apply again; by default as long as the reason asks for"`
	}
}

type questionAnswerInput struct {
	SubInput
	Body struct {
		Text string `json:"text" maxLength:"4000"`
	}
}

type documentInput struct {
	ByID
	Body struct {
		Kind      string `json:"kind"`
		FileID    string `json:"file_id" format:"uuid"`
		ExpiresOn string `json:"expires_on,omitempty" format:"date"`
	}
}

type SubInput struct {
	ByID
	Sub string `path:"sub" format:"uuid"`
}

type accountsInput struct {
	Paging
	Q        string `query:"q" maxLength:"80" doc:"Two characters or more of the name, or a credit code"`
	City     string `query:"city" maxLength:"12"`
	District string `query:"district" maxLength:"12"`
	Kind     string `query:"kind" enum:"government,enterprise,individual,cluster"`
	Tier     string `query:"tier" enum:"A1,A2,B1,B2,C"`
	Industry string `query:"industry" maxLength:"40"`
	Owner    string `query:"owner" maxLength:"40" doc:"Membership id, me or none"`
	Existing string `query:"existing" enum:"yes,no"`
	Quality  int    `query:"quality" minimum:"0" maximum:"101" doc:"Only records that score less"`
	Target   int    `query:"target" minimum:"0" maximum:"2100" doc:"Only targets of this year"`
	Segment  string `query:"segment" enum:"government_body,industrial,leader" doc:"Only this segment of the targets"`
	Sort     string `query:"sort" enum:"name,-updated,quality" default:"name"`
}

type choiceInput struct{ Body AccountChoice }

type assignInput struct {
	Body struct {
		AccountChoice
		OwnerID string `json:"owner_id,omitempty" maxLength:"40" doc:"Membership; absent for nobody"`
	}
}

type targetInput struct {
	Body struct {
		AccountChoice
		Year    int    `json:"year" minimum:"2000" maximum:"2100"`
		Segment string `json:"segment,omitempty" maxLength:"30" doc:"Absent takes the mark away"`
	}
}

type newContactInput struct {
	ByID
	Body ContactEdit
}

type contactInput struct {
	SubInput
	Body ContactEdit
}

type newTerritoryInput struct{ Body TerritoryEdit }

type territoryInput struct {
	ByID
	Body TerritoryEdit
}

type applyTerritoriesInput struct {
	Body struct {
		All bool `json:"all" doc:"Also accounts that have an owner"`
	}
}

type suspectsInput struct {
	Paging
	State   string `query:"state" enum:"open,dismissed,merged" default:"open"`
	City    string `query:"city" maxLength:"12"`
	Account string `query:"account" maxLength:"40" doc:"Only pairs of this account"`
}

type mergeInput struct {
	Body struct {
		Keeper string   `json:"keeper" format:"uuid"`
		Loser  string   `json:"loser" format:"uuid"`
		Take   []string `json:"take,omitempty" maxItems:"20" doc:"Fields the keeper takes from the loser"`
	}
}

type coverageInput struct {
	Year    int    `query:"year" minimum:"0" maximum:"2100" doc:"The present year unless given"`
	Segment string `query:"segment" enum:"government_body,industrial,leader"`
}

type viewsInput struct {
	List string `query:"list" maxLength:"40" required:"true"`
}

type newViewInput struct{ Body ViewEdit }

type viewInput struct {
	ByID
	Body ViewEdit
}

type exportInput struct {
	Body struct {
		List  string `json:"list" maxLength:"40" doc:"accounts"`
		Query string `json:"query" maxLength:"2000" doc:"The list's own query string"`
	}
}

type accuracyInput struct {
	Year int `query:"year" minimum:"0" maximum:"2100" doc:"Assessment year; the present one unless given"`
}

type drawInput struct {
	Body struct {
		CityCode string `json:"city_code" maxLength:"12"`
		Size     int    `json:"size" minimum:"1" maximum:"500"`
		Seed     string `json:"seed,omitempty" maxLength:"40" doc:"Drawn at random unless given"`
	}
}

type checkRecordInput struct {
	ByID
	Body struct {
		Findings []AccuracyFinding `json:"findings" minItems:"1" maxItems:"10"`
	}
}

type servicesInput struct {
	Paging
	State   string `query:"state" enum:"active,suspended,ended"`
	Account string `query:"account" maxLength:"40"`
}

type newAccountInput struct{ Body AccountEdit }

type accountInput struct {
	ByID
	Body AccountEdit
}

type importInput struct {
	Body struct {
		FileID string `json:"file_id" format:"uuid"`
	}
}

type solutionsInput struct {
	Paging
	Q        string `query:"q" maxLength:"80"`
	State    string `query:"state" maxLength:"30" doc:"State of the latest version"`
	Industry string `query:"industry" maxLength:"40"`
}

type newSolutionInput struct{ Body SolutionEdit }

type solutionInput struct {
	ByID
	Body SolutionEdit
}

type newVersionInput struct {
	ByID
	Body struct {
		Semver string `json:"semver" maxLength:"30"`
	}
}

type versionInput struct {
	ByID
	Body VersionEdit
}

type versionFileInput struct {
	ByID
	Body struct {
		FileID string `json:"file_id" format:"uuid"`
		Kind   string `json:"kind" enum:"package,manual,test_report,whitepaper,other"`
	}
}

type promotionInput struct {
	Body NewPromotion
}

type shareInput struct {
	ByID
	Body struct {
		Days int `json:"days,omitempty" minimum:"0" maximum:"180" doc:"That the link is good for; at most until the quote's date"`
	}
}

type shareIDInput struct {
	ByID
	Sub string `path:"sub" format:"uuid"`
}

type shareAnswerInput struct {
	ByID
	Sub  string `path:"sub" format:"uuid"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"1000"`
	}
}

type sharedInput struct {
	Token string `path:"token" maxLength:"100"`
}

type sharedSayInput struct {
	Token string `path:"token" maxLength:"100"`
	Body  struct {
		Name string `json:"name" maxLength:"60"`
		Text string `json:"text,omitempty" maxLength:"1000"`
	}
}

type menuFileInput struct {
	Body MenuFile
}

type certificationsInput struct {
	Paging
	State   string `query:"state" maxLength:"30"`
	Mine    bool   `query:"mine" doc:"Only what waits for the viewer"`
	Overdue bool   `query:"overdue" doc:"Only what the operator holds longer than promised"`
	Free    bool   `query:"unclaimed" doc:"Only what waits for a tester"`
	Machine bool   `query:"by_machine" doc:"Only changes that a machine passed"`
	Q       string `query:"q" maxLength:"80"`
}

type approveInput struct {
	ByID
	Body struct {
		Reason     string         `json:"reason,omitempty" maxLength:"2000"`
		Conditions []NewCondition `json:"conditions,omitempty" maxItems:"10" doc:"With conditions, what fails but does not block is overlooked"`
	}
}

type revokeInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
		Number string `json:"number" maxLength:"60" doc:"Of the certificate, to confirm"`
	}
}

type fulfilInput struct {
	SubInput
	Body struct {
		Text     string   `json:"text" minLength:"1" maxLength:"2000"`
		Evidence []string `json:"evidence,omitempty" maxItems:"10" doc:"File ids"`
	}
}

type exemptInput struct {
	SubInput
	Body struct {
		Reason   string   `json:"reason" minLength:"1" maxLength:"2000"`
		Until    string   `json:"until" format:"date" doc:"The last day, within a year"`
		Evidence []string `json:"evidence,omitempty" maxItems:"10" doc:"File ids of what stands for the test"`
	}
}

type subActionInput struct {
	SubInput
	Body Reasoned
}

type testPlanInput struct {
	ByID
	Body struct {
		Stages  []PlanStage `json:"stages" minItems:"1" maxItems:"7"`
		Note    string      `json:"note,omitempty" maxLength:"2000" doc:"Why it changes"`
		Version int64       `json:"version"`
	}
}

// versionedInput acts on a record as somebody saw it.
type versionedInput struct {
	ByID
	Body struct {
		Version int64 `json:"version" doc:"Of the record as it was seen"`
	}
}

type checkInput struct {
	SubInput
	Body CheckResult
}

type findingInput struct {
	ByID
	Body NewFinding
}

type answerInput struct {
	SubInput
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

type requestInput struct {
	ByID
	Body struct {
		Kind string `json:"kind" enum:"question,opinion,hand_over"`
		Text string `json:"text" minLength:"1" maxLength:"2000"`
		To   string `json:"to,omitempty" format:"uuid" doc:"The colleague; nobody for a question to the firm"`
	}
}

type approveListingInput struct {
	ByID
	Body struct {
		Reason    string `json:"reason,omitempty" maxLength:"2000"`
		PublishOn string `json:"publish_on,omitempty" format:"date" doc:"A day to come; today or nothing is at once"`
	}
}

type retireListingInput struct {
	ByID
	Body struct {
		Reason       string `json:"reason" minLength:"1" maxLength:"2000"`
		SupportUntil string `json:"support_until,omitempty" format:"date" doc:"Needed where customers use it"`
		Successor    string `json:"successor,omitempty" format:"uuid" doc:"The solution that comes instead"`
	}
}

type showBeforeInput struct {
	ByID
	Body struct {
		Cities []string `json:"cities" nullable:"false" maxItems:"30" doc:"All that may look; who is left out may not any more"`
		Until  string   `json:"until" format:"date"`
	}
}

type reviewersInput struct {
	Kind string `query:"kind" enum:"certification,listing" required:"true"`
}

type bulkInput struct {
	Body struct {
		IDs []string `json:"ids" minItems:"1" maxItems:"50" nullable:"false"`
	}
}

type numberInput struct {
	Number string `path:"number" maxLength:"60"`
}

type marketInput struct {
	Paging
	Q         string   `query:"q" maxLength:"80"`
	City      string   `query:"city" maxLength:"12" doc:"Marketplace of one city; a city user has the own city's"`
	Industry  []string `query:"industry" maxItems:"30"`
	Category  []string `query:"category" maxItems:"30"`
	Scope     []string `query:"scope" maxItems:"2" doc:"city, province"`
	Certified bool     `query:"certified"`
	Sort      string   `query:"sort" enum:"accounts,newest,name" default:"accounts"`
}

type listingsInput struct {
	Paging
	State string `query:"state" enum:"draft,pending_approval,scheduled,live,suspended,retired"`
	Q     string `query:"q" maxLength:"80"`
}

type newListingInput struct{ Body NewListing }

type dealCheckInput struct{ Body DealCheck }

type newDealInput struct{ Body NewDeal }

type dealsInput struct {
	Paging
	State   string `query:"state" enum:"registered,under_review,protected,won,lost,expired,rejected,withdrawn"`
	Stage   string `query:"stage" enum:"analysis,trust,need,value,commitment,collection" doc:"Only open ones that stand there"`
	Q       string `query:"q" maxLength:"80"`
	Account string `query:"account" maxLength:"40" doc:"Only of this account, with what was merged into it"`
}

type stageInput struct {
	ByID
	Body struct {
		Stage string `json:"stage" enum:"analysis,trust,need,value,commitment,collection"`
	}
}

type newQuoteInput struct{ Body NewQuote }

type quoteInput struct {
	ByID
	Body struct {
		NewQuote
		Version int64 `json:"version"`
	}
}

type quotesInput struct {
	Paging
	Q    string `query:"q" maxLength:"80"`
	Mine bool   `query:"mine" doc:"Only those whose discount waits for the reader's level"`
}

type ordersInput struct {
	Paging
	State   string `query:"state" maxLength:"30"`
	Q       string `query:"q" maxLength:"80"`
	Account string `query:"account" maxLength:"40" doc:"Only of this account, with what was merged into it"`
}

type deliveriesInput struct {
	Paging
	State string `query:"state" maxLength:"30" doc:"A state, or open for what waits and what is in progress"`
}

type ticketsInput struct {
	Paging
	State    []string `query:"state" maxItems:"8" doc:"One or several states"`
	Severity string   `query:"severity" enum:"critical,major,minor"`
	Overdue  bool     `query:"overdue" doc:"Only those that are late now"`
	Mine     bool     `query:"mine" doc:"Only those the viewer raised or took"`
	Q        string   `query:"q" maxLength:"80"`
	Account  string   `query:"account" maxLength:"40" doc:"Only of this account, with what was merged into it"`
	Supplier string   `query:"supplier" maxLength:"40" doc:"Only of this partner"`
	Month    string   `query:"month" maxLength:"7" doc:"Raised in this month, YYYY-MM"`
	Missed   string   `query:"missed" enum:"response,resolution" doc:"Only those answered or solved later than promised"`
	Sort     string   `query:"sort" enum:"-opened,due" default:"-opened"`
}

type ticketServicesInput struct {
	Q       string `query:"q" maxLength:"80"`
	Account string `query:"account" maxLength:"40"`
}

type newTicketInput struct{ Body NewTicket }

type messageInput struct {
	ByID
	Body struct {
		Text    string   `json:"text" minLength:"1" maxLength:"4000"`
		FileIDs []string `json:"file_ids,omitempty" maxItems:"10"`
	}
}

type noteInput struct {
	ByID
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"4000"`
	}
}

type acceptanceInput struct {
	ByID
	Body Acceptance
}

type workInput struct {
	ByID
	Body struct {
		Reason  string   `json:"reason,omitempty" maxLength:"2000" doc:"What the customer should know; required where something is missing"`
		Missing []string `json:"missing,omitempty" maxItems:"60" doc:"Tasks whose elements follow later"`
	}
}

type planDeliveryInput struct {
	ByID
	Body struct {
		Tasks   []PlanTask `json:"tasks" nullable:"false" maxItems:"200"`
		Version int64      `json:"version"`
	}
}

type taskInput struct {
	ByID
	Sub  string `path:"sub" format:"uuid"`
	Body struct {
		Note    string   `json:"note,omitempty" maxLength:"2000" doc:"What was handed over"`
		FileIDs []string `json:"file_ids,omitempty" maxItems:"10"`
	}
}

type renewInput struct {
	ByID
	Body struct {
		Months int `json:"months" minimum:"1" maximum:"60"`
	}
}

type usageInput struct {
	Body struct {
		Facts []UsageFact `json:"facts" minItems:"1" maxItems:"5000"`
	}
}

type provisioningInput struct {
	Body struct {
		Answers []ProvisioningAnswer `json:"answers" minItems:"1" maxItems:"500"`
	}
}

type feedInput struct{ Body FeedFile }

type capacityInput struct {
	Body struct {
		Most *int `json:"most,omitempty" minimum:"0" maximum:"10000" doc:"Absent for no limit"`
	}
}

type groupsInput struct {
	Listing string `query:"listing_id" maxLength:"40" doc:"Only open ones of this offer"`
}

type newGroupInput struct {
	Body struct {
		Name      string      `json:"name" maxLength:"60"`
		ListingID string      `json:"listing_id" format:"uuid"`
		Steps     []GroupStep `json:"steps" maxItems:"10"`
		ClosesOn  string      `json:"closes_on" maxLength:"10" doc:"The last day to join, YYYY-MM-DD"`
	}
}

type joinGroupInput struct {
	ByID
	Body struct {
		GroupID string `json:"group_id" format:"uuid"`
		MinPPM  int64  `json:"min_ppm,omitempty" minimum:"0" maximum:"500000" doc:"Less off than this leaves the choice when it closes"`
	}
}

type newBundleInput struct {
	Body struct {
		Name    string          `json:"name" maxLength:"60"`
		Summary string          `json:"summary,omitempty" maxLength:"400"`
		PPM     int64           `json:"ppm" minimum:"0" maximum:"500000"`
		Items   []NewBundleItem `json:"items" maxItems:"50"`
	}
}

type quoteBundleInput struct {
	ByID
	Body struct {
		DealID       string `json:"deal_id,omitempty"`
		AccountID    string `json:"account_id,omitempty"`
		Sets         int64  `json:"sets" minimum:"1" maximum:"10000"`
		ValidDays    int    `json:"valid_days,omitempty" minimum:"1" maximum:"180"`
		TermMonths   int    `json:"term_months,omitempty" minimum:"1" maximum:"60"`
		CustomerNote string `json:"customer_note,omitempty" maxLength:"1000"`
	}
}

type boardInput struct {
	Q string `query:"q" maxLength:"80"`
}

type monthOfInput struct {
	Month   string `path:"month" pattern:"^[0-9]{4}-[0-9]{2}$"`
	Partner string `query:"partner_id" format:"uuid" doc:"For the operator: of which firm"`
}

type linesInput struct {
	Paging
	Kind  string `query:"kind" enum:"activation,recurring,adjustment,refund,clawback"`
	Month string `query:"month" maxLength:"7" doc:"YYYY-MM"`
	State string `query:"state" maxLength:"20"`
	Q     string `query:"q" maxLength:"80"`
}

type statementsInput struct {
	Paging
	Month string `query:"month" maxLength:"7"`
	State string `query:"state" maxLength:"20"`
}

type planInput struct{ Body PlanDocument }

type planEditInput struct {
	ByID
	Body struct {
		Document PlanDocument `json:"document"`
		Version  int64        `json:"version"`
	}
}

type whatIfInput struct {
	ByID
	From string `query:"from" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"First month"`
	To   string `query:"to" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"Last month, twelve at most"`
}

type invoiceInput struct {
	ByID
	Body Invoice
}

type invoiceNumberInput struct {
	ByID
	Number string `path:"number" maxLength:"20"`
	Body   Reasoned
}

type payeeInput struct{ Body Payee }

type batchesInput struct {
	Paging
	State string `query:"state" maxLength:"20"`
}

type flagsInput struct {
	Paging
	State string `query:"state" maxLength:"20"`
}

type batchInput struct {
	Body struct {
		Layout string `json:"layout" enum:"standard,icbc,ccb,external,internal" doc:"Of the file; internal pays cities, any other partners"`
	}
}

type payoutAnswersInput struct {
	Body struct {
		Answers []PayoutAnswer `json:"answers" minItems:"1" maxItems:"5000"`
	}
}

type monthInput struct {
	Month string `path:"month" pattern:"^[0-9]{4}-[0-9]{2}$"`
}

type eventsInput struct {
	Body struct {
		Events []CommissionEvent `json:"events" minItems:"1" maxItems:"5000"`
	}
}

// List is a list that is never long enough to page.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// Link points at a file in the store for a few minutes.
type Link struct {
	URL string `json:"url"`
}

type differenceInput struct {
	ByID
	From string `query:"from" format:"uuid" doc:"The version to compare with; without it the one certified last before"`
}

type favourInput struct {
	ByID
	Body struct {
		Favourite bool `json:"favourite"`
	}
}

type suggestInput struct {
	Q string `query:"q" minLength:"1" maxLength:"80" required:"true"`
}

type graduationsInput struct {
	Paging
	Kind     string   `query:"kind" enum:"upgrade,way_back"`
	State    []string `query:"state" maxItems:"10" doc:"One or several states"`
	Solution string   `query:"solution" maxLength:"40" doc:"Only of this solution"`
	Q        string   `query:"q" maxLength:"80"`
}

type nominateInput struct {
	Body struct {
		ListingID string `json:"listing_id" format:"uuid"`
		Pitch     string `json:"pitch" minLength:"1" maxLength:"2000" doc:"Why the whole province should have it"`
	}
}

type goBackInput struct {
	Body struct {
		ListingID string `json:"listing_id" format:"uuid"`
		Pitch     string `json:"pitch" minLength:"1" maxLength:"2000" doc:"Why it should leave the province"`
		Days      int    `json:"days" minimum:"1" maximum:"30" doc:"Working days for cities to answer and comment"`
	}
}

type evaluateInput struct {
	ByID
	Body struct {
		Days int `json:"days" minimum:"1" maximum:"30" doc:"Working days for comments"`
	}
}

type volunteerInput struct {
	ByID
	Body NewPilot
}

type commentInput struct {
	ByID
	Body struct {
		Stance string `json:"stance" enum:"support,concern,oppose"`
		Text   string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

type returnInput struct {
	ByID
	Body struct {
		Reason       string   `json:"reason" minLength:"1" maxLength:"2000"`
		Improvements []string `json:"improvements" minItems:"1" maxItems:"20" doc:"What must become better, one each"`
		AgainAfter   string   `json:"again_after" format:"date" doc:"From when it may be nominated again"`
	}
}

type rolloutsInput struct {
	Paging
	State      string `query:"state" enum:"open,adopted,later,declined,keep,release,closed"`
	Kind       string `query:"kind" enum:"upgrade,way_back"`
	Reason     string `query:"reason" enum:"no_demand,competing,price,capability,integration,quality,calendar,other"`
	City       string `query:"city" maxLength:"12"`
	Graduation string `query:"graduation" maxLength:"40"`
	Q          string `query:"q" maxLength:"80"`
}

type rolloutAnswerInput struct {
	ByID
	Body struct {
		ReasonCode string `json:"reason_code,omitempty" maxLength:"20" doc:"no_demand, competing, price, capability, integration, quality, calendar or other; required to say later or no"`
		Reason     string `json:"reason,omitempty" maxLength:"2000"`
		LaterOn    string `json:"later_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD, to say later"`
	}
}

type thresholdInput struct {
	Body struct {
		Category string           `json:"category" maxLength:"40"`
		Needs    map[string]int64 `json:"needs" doc:"By metric: accounts, growth, revenue, deals_won, cities, response, complaints, certificate"`
		Note     string           `json:"note,omitempty" maxLength:"2000"`
	}
}

type mapInput struct {
	Quarter string `query:"quarter" maxLength:"6" doc:"2026Q3; the newest when absent"`
}

type overrideInput struct {
	ByID
	Body struct {
		Quadrant string `json:"quadrant" enum:",core,potential,reserve,observe"`
		Class    string `json:"class" enum:",star,cow,question,dog"`
		Reason   string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}
