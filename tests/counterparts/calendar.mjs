// A calendar program's view of an iCalendar file: ical.js, which Thunderbird reads calendars with.
// Reads the file from standard input, writes its events as JSON: moments in UTC by the file's own zones, or dates.

import fs from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf8")));

function when(time) {
  return time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString();
}

const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    location: event.location,
    status: component.getFirstPropertyValue("status"),
    transp: component.getFirstPropertyValue("transp"),
    start: when(event.startDate),
    end: when(event.endDate),
    zone: event.startDate.isDate ? null : event.startDate.zone.tzid,
  };
});
process.stdout.write(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), events }));
