package dev.tapedeck.standalone.browser;

import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import java.util.ArrayList;
import java.util.List;

/** A room of the media server and the browsers in it, for the length of one test. */
public final class BrowserRoom implements AutoCloseable {
  private static final String BLANK_PAGE = "about:blank";
  private static final long TOKEN_SECONDS = 3600;

  private final BrowserLab lab;
  private final String name;
  private final List<Participant> participants = new ArrayList<>();

  BrowserRoom(BrowserLab lab, String name) {
    this.lab = lab;
    this.name = name;
  }

  /** This performer's browser, with a page that has no connection yet. */
  public Participant enter(Performer performer) {
    Participant participant = new Participant(this, performer, lab.freshPage(performer));
    participants.add(participant);
    return participant;
  }

  /** Base URL of the media server. */
  public String server() {
    return lab.server();
  }

  public String token(TokenKind kind, String peer) {
    return lab.tokens().media(kind, BrowserLab.APP, Grant.of(name, peer, false), TOKEN_SECONDS);
  }

  /** No browser had anything to complain of. */
  public void assertNoConsoleErrors() {
    participants.forEach(participant -> participant.page().assertNoConsoleErrors());
  }

  /** Ends all connections; the browsers stay for the next test. */
  @Override
  public void close() {
    participants.forEach(participant -> participant.page().open(BLANK_PAGE));
  }
}
