package view

// codeLine is a line of source text, divided by what a problem is about.
type codeLine struct{ before, subject, after string }

func (l codeLine) each(change func(string) string) codeLine {
	return codeLine{change(l.before), change(l.subject), change(l.after)}
}

// hidden is the line without the secrets in it. Where one is in two parts of it, the line is not divided any more.
func (l codeLine) hidden(redact func(string) string) codeLine {
	parts, line := l.each(redact), redact(l.before+l.subject+l.after)
	if parts.before+parts.subject+parts.after != line {
		return codeLine{before: line}
	}
	return parts
}

// around leaves out of a line that is too long what is far from the subject, if that is in it.
func (l codeLine) around(columns int, hasSubject bool) codeLine {
	if l.fits(columns) {
		return l
	}
	if !hasSubject && l.subject == "" {
		return codeLine{before: Cut(l.before+l.after, columns)}
	}
	l.subject = Cut(l.subject, max(2*columns/3, 1))
	left := max(columns-Width(l.subject), 0)
	l.before = CutStart(l.before, max(left/2, left-Width(l.after)))
	l.after = Cut(l.after, left-Width(l.before))
	return l
}

func (l codeLine) fits(columns int) bool {
	return Width(l.before)+Width(l.subject)+Width(l.after) <= columns
}
