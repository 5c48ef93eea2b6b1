package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.RecordPolicies;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCommandTest {
  @TempDir
  private Path data;

  @Test
  void signsWithTheSecretOfTheDataFolder() throws Exception {
    Cli token = Cli.run("token", "--room", "r 1", "--peer", "Ann", "--record", "--data", data,
        "--url", "https://meet.example/");

    assertThat(token.status()).as(token.err()).isZero();
    TokenClaims claims = claims(line(token, "token"), TokenKind.WHIP);
    assertThat(claims.app()).isEqualTo(Secrets.DEFAULT_APP);
    assertThat(claims.room()).isEqualTo(Optional.of("r 1"));
    assertThat(claims.peer()).isEqualTo(Optional.of("Ann"));
    assertThat(claims.record()).isTrue();
    String link = line(token, "link");
    assertThat(link).startsWith("https://meet.example/meeting.html#invite=").endsWith("&name=Ann");
    TokenClaims invite = claims(link.replaceAll(".*#invite=|&name=.*", ""), TokenKind.INVITE);
    assertThat(invite.room()).isEqualTo(Optional.of("r 1"));
    assertThat(invite.record()).isTrue();
  }

  /** S3-2, D-13: what is taped of whoever joins is said on the command line, and holds for the link, too. */
  @Test
  void saysWhatIsTaped() throws Exception {
    Cli token = Cli.run("token", "--room", "r", "--peer", "p", "--record", "--layers", "audio-first", "--media", "audio",
        "--data", data);

    assertThat(token.status()).as(token.err()).isZero();
    Optional<RecordPolicy> wanted = RecordPolicies.of(Optional.of("audio-first"), Optional.of("audio"));
    assertThat(claims(line(token, "token"), TokenKind.WHIP).recordPolicy()).isEqualTo(wanted);
    String invite = line(token, "link").replaceAll(".*#invite=|&name=.*", "");
    assertThat(claims(invite, TokenKind.INVITE).recordPolicy()).isEqualTo(wanted);
    assertThat(Cli.run("token", "--room", "r", "--peer", "p", "--layers", "best", "--data", data).err())
        .contains(RecordPolicies.LAYERS);
  }

  /** S1-5, S1-7b: for bots; publishers, and people with a link, are seen. */
  @Test
  void letsSomebodyWatchUnseen() throws Exception {
    Cli hidden = Cli.run("token", "--kind", "whep", "--room", "r", "--hidden", "--data", data);
    assertThat(hidden.status()).as(hidden.err()).isZero();
    TokenClaims claims = claims(line(hidden, "token"), TokenKind.WHEP);
    assertThat(claims.hidden() && !claims.recorder()).isTrue();
    assertThat(hidden.out()).doesNotContain("link");
    Cli recorder = Cli.run("token", "--kind", "webrtc", "--room", "r", "--peer", "p", "--recorder", "--data", data);
    assertThat(claims(line(recorder, "token"), TokenKind.WEBRTC).recorder()).isTrue();
    for (String kind : List.of("whip", "invite", "user")) {
      assertThat(Cli.run("token", "--kind", kind, "--room", "r", "--peer", "p", "--hidden", "--data", data).err())
          .contains("only tokens of kind whep and webrtc can have --hidden and --recorder");
    }
  }

  @ParameterizedTest
  @CsvSource({"whip,WHIP", "whep,WHEP", "webrtc,WEBRTC", "invite,INVITE", "user,USER"})
  void makesEveryKind(String option, TokenKind kind) throws Exception {
    Cli token = Cli.run("token", "--kind", option, "--room", "r", "--peer", "p", "--ttl", 60, "--data", data);

    assertThat(token.status()).as(token.err()).isZero();
    assertThat(claims(line(token, "token"), kind).app()).isEqualTo(Secrets.DEFAULT_APP);
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertThat(Cli.run("token", "--room", "r", "--data", data).err())
        .isEqualToIgnoringNewLines("token: a token of kind whip needs --room and --peer");
    assertThat(Cli.run("token", "--room", "r", "--peer", "p", "--data", data, "--app", "other").err())
        .contains("--app other is none of default");
    assertThat(Cli.run("token", "--room", "r", "--peer", "p", "--data", data, "--ttl", 0).status()).isEqualTo(2);
    assertThat(Cli.run("token", "--room", "r", "--peer", "p", "--data", data, "--kind", "x").status()).isEqualTo(2);
    assertThat(Cli.run("token", "--room", "", "--peer", "p", "--data", data).status()).isEqualTo(2);
    assertThat(Cli.run("token", "--room", "r", "--peer", "p", "--data", data, "--rom=x").err())
        .contains("unknown key rom");
  }

  @Test
  void signsForAnAppOfItsOwn() throws Exception {
    String secret = "secret-of-acme-0123456789-0123456789";
    Cli token = Cli.run("token", "--room", "r", "--peer", "p", "--app", "acme", "--data", data,
        "--apps.acme.secrets=" + secret, "--apps.other.secrets=" + secret.replace("acme", "oter"));

    assertThat(token.status()).as(token.err()).isZero();
    assertThat(data).isEmptyDirectory();
  }

  private TokenClaims claims(String token, TokenKind kind) throws Exception {
    Secrets secrets = Secrets.loadOrCreate(data, new SecureRandom());
    return new TokenVerifier(Apps.of(Map.of(Secrets.DEFAULT_APP, List.of(secrets.app()))), List.of(),
        System::currentTimeMillis).verify(token, kind);
  }

  private static String line(Cli cli, String name) {
    return cli.out().lines().filter(line -> line.startsWith(name + " ")).findFirst().orElseThrow()
        .substring(name.length()).strip();
  }
}
