package web

import (
	"net/http"
)

// Routes is the whole API, in one table. The word Public or Signed, or the
// permission the action needs, stands in every row; the row-level question
// (which accounts, whose deals) is the services' own.
func Routes() []Row {
	return []Row{
		// session
		withCookies(http.MethodPost, "/api/session", Public, "Sign in", signIn),
		withCookies(http.MethodPost, "/api/session/refresh", Public, "Rotate the refresh token", refresh),
		withCookies(http.MethodDelete, "/api/session", Public, "Sign out", signOut),
		withCookies(http.MethodPost, "/api/session/tenant", Signed, "Switch tenant without signing in again", switchTenant),
		get("/api/me", Signed, "Who is signed in, and what they may do", whoAmI),
		put("/api/me/locale", Signed, "Remember the language", setLocale),
		get("/api/sessions", Signed, "Devices signed in", sessions),
		del("/api/sessions/{id}", Signed, "Sign a device out", endSession),
		get("/api/demo/logins", Public, "Ready-made logins of the demo province", demoLogins),
		get("/api/home", Signed, "What needs me now", home),
		get("/api/reference", Signed, "Closed lists for select boxes", reference),

		// members
		get("/api/members", "member:read", "People of the tenant", members),
		put("/api/members/{id}", "member:write", "Change roles and districts", changeMember),
		del("/api/members/{id}", "member:write", "Remove from the tenant", removeMember),
		get("/api/roles", "member:read", "Roles a member may hold here", roles),
		get("/api/invitations", "member:read", "Open invitations", invitations),
		post("/api/invitations", "member:write", "Invite a mailbox", invite),
		del("/api/invitations/{id}", "member:write", "Take an invitation back", uninvite),
		get("/api/invitations/token/{token}", Public, "What an invitation offers", invitationOffer),
		withCookies(http.MethodPost, "/api/invitations/accept", Public, "Accept an invitation", acceptInvitation),
		get("/api/audit", "audit:read", "Who did what, when", audit),

		// files
		post("/api/files", Signed, "Announce an upload", announceFile),
		post("/api/files/{id}/complete", Signed, "Check the bytes that arrived", completeFile),
		get("/api/files/{id}/link", Signed, "Link to the bytes, for five minutes", fileLink),

		// partners
		withCookies(http.MethodPost, "/api/partners/register", Public, "Register a firm and its first admin", registerPartner),
		get("/api/partners", "partner:read", "Partners of the province", partners),
		get("/api/partner", "partner:read_own", "The own firm", ownPartner),
		get("/api/partners/{id}", "partner:read_own", "One partner", onePartner),
		put("/api/partners/{id}", "partner:write", "Edit the application", editPartner),
		post("/api/partners/{id}/documents", "partner:write", "Add a document", addDocument),
		del("/api/partners/{id}/documents/{sub}", "partner:write", "Remove a document", removeDocument),
		post("/api/partners/{id}/apply", "partner:apply", "Apply", actPartner("apply")),
		post("/api/partners/{id}/start_review", "partner:vet", "Start the review", actPartner("start_review")),
		post("/api/partners/{id}/request_info", "partner:vet", "Ask for more", actPartner("request_info")),
		post("/api/partners/{id}/approve", "partner:vet", "Admit the partner", actPartner("approve")),
		post("/api/partners/{id}/reject", "partner:vet", "Reject the application", actPartner("reject")),
		post("/api/partners/{id}/suspend", "partner:vet", "Suspend", actPartner("suspend")),
		post("/api/partners/{id}/resume", "partner:vet", "Lift the suspension", actPartner("resume")),
		post("/api/partners/{id}/terminate", "partner:vet", "End the cooperation", actPartner("terminate")),

		// accounts
		get("/api/accounts", "account:read", "Accounts the viewer may see", accounts),
		post("/api/accounts", "account:write", "Record a customer", newAccount),
		download("/api/accounts/export.xlsx", "account:read", "The filtered accounts as a workbook", exportAccounts),
		download("/api/accounts/template.xlsx", "account:import", "Empty sheet for an import", accountTemplate),
		get("/api/accounts/{id}", "account:read", "One account", oneAccount),
		put("/api/accounts/{id}", "account:write", "Edit an account", editAccount),
		get("/api/accounts/{id}/access", "account:explain", "Who can see this customer, and why", accountAccess),
		get("/api/imports", "account:import", "Imports of the tenant", imports),
		post("/api/imports", "account:import", "Dry run of an uploaded sheet", startImport),
		get("/api/imports/{id}", "account:import", "Progress and bad rows", oneImport),
		post("/api/imports/{id}/apply", "account:import", "Apply a checked import", actImport("apply")),
		post("/api/imports/{id}/cancel", "account:import", "Cancel an import", actImport("cancel")),

		// solutions
		get("/api/solutions", "solution:read", "Solution library", solutions),
		post("/api/solutions", "solution:write", "New solution", newSolution),
		get("/api/solutions/{id}", "solution:read", "One solution with its versions", oneSolution),
		put("/api/solutions/{id}", "solution:write", "Edit name and place", editSolution),
		post("/api/solutions/{id}/versions", "solution:write", "New draft, copied from the last version", newVersion),
		get("/api/versions/{id}", "solution:read", "One version", oneVersion),
		put("/api/versions/{id}", "solution:write", "Edit a draft", editVersion),
		post("/api/versions/{id}/files", "solution:write", "Add an uploaded file", addVersionFile),
		del("/api/versions/{id}/files/{sub}", "solution:write", "Remove a file", removeVersionFile),
		post("/api/versions/{id}/submit", "solution:submit", "Submit for certification", submitVersion),
		post("/api/versions/{id}/revise", "solution:write", "Back to draft, to make the changes asked for", reviseVersion),
		post("/api/versions/{id}/withdraw", "solution:submit", "Withdraw from certification", withdrawVersion),

		// certification
		get("/api/certifications", "certification:read", "Cases", certifications),
		get("/api/certifications/{id}", "certification:read", "One case", oneCertification),
		post("/api/certifications/{id}/claim", "certification:test", "Take the case to test", claimCertification),
		put("/api/certifications/{id}/checks/{sub}", "certification:test", "Record the result of a check", recordCheck),
		post("/api/certifications/{id}/findings", "certification:test", "Record a finding", addFinding),
		post("/api/certifications/{id}/findings/{sub}/answer", "solution:submit", "Answer a finding", answerFinding),
		post("/api/certifications/{id}/findings/{sub}/close", "certification:test", "Close a finding", closeFinding),
		post("/api/certifications/{id}/findings/{sub}/reopen", "certification:test", "Reopen a finding", reopenFinding),
		post("/api/certifications/{id}/finish_tests", "certification:test", "Hand over to the decision", actCase("finish_tests")),
		post("/api/certifications/{id}/request_changes", "certification:change", "Ask the partner for changes", actCase("request_changes")),
		post("/api/certifications/{id}/approve", "certification:approve", "Certify the version", actCase("approve")),
		post("/api/certifications/{id}/reject", "certification:approve", "Reject the version", actCase("reject")),
		get("/api/certificates/{number}", Public, "Verify a certificate", verifyCertificate),
		get("/api/reviews", "listing:approve", "Approval queue", reviews),

		// listings and marketplace
		get("/api/listings", "listing:read", "Listings", listings),
		post("/api/listings", "listing:write", "Offer a certified version in a scope", newListing),
		get("/api/listings/{id}", "listing:read", "One listing with its evidence", oneListing),
		post("/api/listings/{id}/submit", "listing:write", "Ask for approval", actListing("submit")),
		post("/api/listings/{id}/approve", "listing:approve", "Put on sale", actListing("approve")),
		post("/api/listings/{id}/return", "listing:approve", "Return to the draft, with a reason", actListing("return")),
		post("/api/listings/{id}/suspend", "listing:approve", "Suspend", actListing("suspend")),
		post("/api/listings/{id}/resume", "listing:approve", "Put back on sale", actListing("resume")),
		post("/api/listings/{id}/retire", "listing:approve", "Take off sale for good", actListing("retire")),
		get("/api/marketplace", "market:read", "Offers on sale", marketplace),
		get("/api/marketplace/{id}", "market:read", "One offer", oneOffer),
		get("/api/marketplace/{id}/files/{sub}/link", "market:read", "Link to a file buyers may read", offerFile),

		// deals
		post("/api/deals/check", "deal:register", "Is this customer free? Never says who has it", checkDeal),
		get("/api/deals", "deal:read", "Deals", deals),
		post("/api/deals", "deal:register", "Register a deal", newDeal),
		download("/api/deals/export.xlsx", "deal:read", "The filtered deals as a workbook", exportDeals),
		get("/api/deals/{id}", "deal:read", "One deal", oneDeal),
		post("/api/deals/{id}/start_review", "deal:review", "Start the review", actDeal("start_review")),
		post("/api/deals/{id}/approve", "deal:review", "Protect the deal", actDeal("approve")),
		post("/api/deals/{id}/reject", "deal:review", "Reject the deal", actDeal("reject")),
		post("/api/deals/{id}/withdraw", "deal:register", "Withdraw the deal", actDeal("withdraw")),
		post("/api/deals/{id}/extend", "deal:register", "Extend the protection once, on progress", actDeal("extend")),
		post("/api/deals/{id}/lose", "deal:register", "Record that the deal is lost", actDeal("lose")),
		post("/api/deals/{id}/stage", "deal:register", "Move to another sales step", stageDeal),

		// quotes, orders, deliveries, services
		get("/api/quotes", "quote:read", "Quotes", quotes),
		post("/api/quotes/price", "quote:write", "Price a composition without saving it", priceQuote),
		post("/api/quotes", "quote:write", "Save a quote", newQuote),
		get("/api/quotes/{id}", "quote:read", "One quote", oneQuote),
		put("/api/quotes/{id}", "quote:write", "Change a quote", editQuote),
		post("/api/quotes/{id}/order", "order:submit", "Order what the quote offers", orderQuote),
		get("/api/orders", "order:read", "Orders", orders),
		download("/api/orders/export.xlsx", "order:read", "The filtered orders as a workbook", exportOrders),
		get("/api/orders/{id}", "order:read", "One order", oneOrder),
		post("/api/orders/{id}/accept", "order:accept", "Accept the order and open the delivery", actOrder("accept")),
		post("/api/orders/{id}/cancel", "order:cancel", "Cancel the order", actOrder("cancel")),
		post("/api/orders/{id}/acceptance", "order:acceptance", "Record the customer's acceptance; the service starts", recordAcceptance),
		post("/api/orders/{id}/end_service", "order:accept", "End the service", actOrder("end_service")),
		get("/api/deliveries", "delivery:read", "Delivery inbox of the SI", deliveries),
		get("/api/deliveries/{id}", "delivery:read", "One delivery", oneDelivery),
		post("/api/deliveries/{id}/start", "delivery:work", "Start the delivery", workDelivery("start")),
		post("/api/deliveries/{id}/finish", "delivery:work", "Hand over to acceptance", workDelivery("finish")),

		// commissions
		get("/api/commission", "commission:read", "The firm's money", commissionSummary),
		get("/api/commission/lines", "commission:read", "Commission lines", commissionLines),
		get("/api/commission/lines/{id}", "commission:read", "The receipt of a line", commissionReceipt),
		post("/api/commission/lines/{id}/dispute", "statement:confirm", "Dispute a line; the rest is paid", disputeLine),
		post("/api/commission/lines/{id}/settle_dispute", "statement:issue", "Settle a dispute", settleDispute),
		post("/api/commission/events", "commission:send", "Billing months, refunds and ends from outside", sendEvents),
		get("/api/statements", "statement:read", "Statements", statements),
		download("/api/statements/{id}/export.xlsx", "statement:read", "A statement as a workbook", exportStatement),
		get("/api/statements/{id}", "statement:read", "One statement with its lines", oneStatement),
		post("/api/statements/{id}/confirm", "statement:confirm", "Confirm the statement", confirmStatement),
		get("/api/periods", "period:read", "Commission months", periods),
		post("/api/periods/{month}/calculate", "period:calculate", "Calculate a month", calculateMonth),
		post("/api/periods/{month}/issue", "statement:issue", "Issue the statements of a month", issueMonth),
		get("/api/plans", "plan:read", "Commission plans", plans),
		post("/api/plans", "plan:make", "New plan version", newPlan),
		get("/api/plans/{id}", "plan:read", "One plan version", onePlan),
		put("/api/plans/{id}", "plan:make", "Edit a draft", editPlan),
		post("/api/plans/{id}/submit", "plan:make", "Hand to the checker", submitPlan),
		post("/api/plans/{id}/publish", "plan:check", "Publish, as the second person", publishPlan),
		post("/api/plans/{id}/reject", "plan:check", "Return to the maker", rejectPlan),
	}
}
