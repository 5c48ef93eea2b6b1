package dev.tapedeck.connector.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.token.TokenFingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** nobody takes all event streams. */
class StreamSlotsTest {
  private final StreamSlots slots = new StreamSlots(new StreamSlots.Limits(5, 4, 2, 2, 1));
  private final List<StreamSlots.Slot> open = new ArrayList<>();

  @Test
  void oneInviteDoesNotTakeThoseOfOthersNorOneAppThoseOfOthers() {
    take(guest("acme", "a"), 2);
    isRefused(guest("acme", "a"), 429, "this token has its 2");
    take(guest("acme", "b"), 2);
    isRefused(guest("acme", "c"), 429, "app acme has its 4");
    isRefused(new Caller.Service("acme"), 429, "app acme has its 4");
    take(new Caller.Service("other"), 1);
    isRefused(guest("other", "d"), 503, "this server has its 5");
    open.getFirst().close();
    take(guest("other", "d"), 1);
  }

  @Test
  void administratorsHaveTheirOwn() {
    take(guest("acme", "a"), 2);
    take(guest("acme", "b"), 2);
    take(new Caller.Service("other"), 1);
    take(new Caller.Admin("acme", "k1"), 1);
    isRefused(new Caller.User("acme", "Zoë", true, Optional.of(token("z"))), 429, "app acme has its 1");
    take(new Caller.Admin("other", "k2"), 1);
    isRefused(new Caller.Admin("third", "k3"), 503, "this server has its 2");
    open.forEach(StreamSlots.Slot::close);
    assertThatCode(() -> take(new Caller.Admin("acme", "k1"), 1)).doesNotThrowAnyException();
  }

  private void take(Caller caller, int streams) {
    for (int i = 0; i < streams; i++) {
      open.add(slots.take(caller));
    }
  }

  private void isRefused(Caller caller, int status, String why) {
    assertThatThrownBy(() -> slots.take(caller)).isInstanceOfSatisfying(ApiException.class, refused -> {
      assertThat(refused.status()).isEqualTo(status);
      assertThat(refused.retryAfterSeconds()).isPositive();
      assertThat(refused).hasMessageContaining(why);
    });
  }

  private static Caller guest(String app, String token) {
    return new Caller.Guest(app, "room", false, Optional.empty(), Long.MAX_VALUE, Optional.of(token(token)));
  }

  private static TokenFingerprint token(String name) {
    return new TokenFingerprint(name, Long.MAX_VALUE);
  }
}
