// Package view describes plans and reports as documents, and draws documents for people.
//
//	plan.Plan ───► Describe ───────┐
//	plan.Report ─► DescribeReport ─┼─► Document ─► JSON (the document itself, or WriteJSON for one line)
//	                               │           └─► DrawPlan, DrawReport
//	hcl2.Diagnostic ► DescribeDiagnostic ─► Diagnostic ─► JSON, DrawDiagnostic
//
// Everything that is drawn is drawn from a document, and from nothing else: a document that was read back from a file
// looks the same as a fresh one. Neither has a secret in it, since Describe leaves sensitive values out. Text that may
// come from a server or a file passes through [Clean] before it is drawn, so that it cannot command a terminal.
//
// The package reads no clock, no environment and no terminal: width and colour are given with [Options], and the same
// document gives the same bytes. It draws neither the progress of a run nor questions to the user.
package view
