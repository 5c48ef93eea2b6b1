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
  private final List<ChromiumPage> pages = new ArrayList<>();

  BrowserRoom(BrowserLab lab, String name) {
    this.lab = lab;
    this.name = name;
  }

  /** This performer's browser, with a page that has no connection yet. */
  public Participant enter(Performer performer) {
    return new Participant(this, performer, freshPage(performer, "index.html"));
  }

  /** This performer's browser with the published SDK, which is not connected yet. */
  public SdkPeer enterWithSdk(Performer performer) {
    return new SdkPeer(performer, freshPage(performer, "sdk.html"));
  }

  /** This performer's browser with our client module, which is not connected yet. */
  public ModulePeer enterWithModule(Performer performer) {
    return new ModulePeer(performer, freshPage(performer, "module.html"));
  }

  /** This performer's browser with any page of the test pages' server. */
  public ChromiumPage open(Performer performer, String page) {
    return freshPage(performer, page);
  }

  private ChromiumPage freshPage(Performer performer, String name) {
    ChromiumPage page = lab.freshPage(performer, name);
    pages.add(page);
    return page;
  }

  public String name() {
    return name;
  }

  /** Base URL of the media server. */
  public String server() {
    return lab.server();
  }

  public String token(TokenKind kind, String peer) {
    return token(kind, Grant.of(name, peer, false));
  }

  public String token(TokenKind kind, Grant grant) {
    return lab.tokens().media(kind, BrowserLab.APP, grant, TOKEN_SECONDS);
  }

  /** No browser had anything to complain of. */
  public void assertNoConsoleErrors() {
    pages.forEach(ChromiumPage::assertNoConsoleErrors);
  }

  /** Ends all connections; the browsers stay for the next test. */
  @Override
  public void close() {
    pages.forEach(page -> page.open(BLANK_PAGE));
  }
}
