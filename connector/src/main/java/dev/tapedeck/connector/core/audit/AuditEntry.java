package dev.tapedeck.connector.core.audit;

/**
 * One line of the audit log: who did what, when, and what came of it.
 *
 * @param atMs    Unix milliseconds
 * @param actor   {@code app}, {@code admin-key:<fingerprint>}, {@code user:<name>}, {@code peer:<name>} or
 *                {@code node:<number>}
 * @param action  slug, such as {@code kick_peer}
 * @param room    "" where it concerns none
 * @param target  what it was done to, such as {@code peer:<name>}; "" where there is nothing to name
 * @param detail  free text, such as the reason that was given
 * @param outcome {@link #DONE}, {@code refused: <why>}, or {@code unknown: <why>} when nobody said what became of it
 */
public record AuditEntry(
    String app, long atMs, String actor, String action, String room, String target, String detail, String outcome) {
  public static final String DONE = "done";
  /** What is longer is cut, so that no caller fills the log with one line. */
  public static final int MAX_TEXT_CHARS = 1024;

  public AuditEntry {
    actor = cut(actor);
    action = cut(action);
    room = cut(room);
    target = cut(target);
    detail = cut(detail);
    outcome = cut(outcome);
  }

  /** @param refusal why it was refused, "" when it was done */
  public static String outcome(String refusal) {
    return refusal.isEmpty() ? DONE : "refused: " + refusal;
  }

  /** @param why nobody knows what came of it */
  public static String unknown(String why) {
    return "unknown: " + why;
  }

  /** PostgreSQL takes no NUL in text. */
  private static String cut(String text) {
    String clean = text.replace("\0", "");
    return clean.length() <= MAX_TEXT_CHARS ? clean : clean.substring(0, MAX_TEXT_CHARS - 1) + "…";
  }
}
