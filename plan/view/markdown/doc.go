// Package markdown writes plans and reports as Markdown that fits a comment of a pull request.
//
//	view.Document ─► Write ─► marker, title, what goes wrong, what is to change (folded), transition
//
// What is written is GitHub's Markdown, and GitLab's: folds are details elements with an empty line around what is in them, and
// everything that comes from a configuration or a server stands in a fence that it cannot leave, or is escaped. The first line
// is a comment that nobody sees, the same for every plan of an environment, so that one comment of a pull request can be kept up to
// date.
//
// Where the limit does not suffice, counts of what stays are left out first, then arguments, then instances of one block are
// told together, then a block has one line, then there is only the closing line. Of what is destroyed, replaced, or needs a
// decision, this is done after it was done of the rest.
package markdown
