package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserLab;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What WHIP and WHEP answer to whoever does not behave, and what they show to pages of other origins. */
@ExtendWith(BrowserExtension.class)
class MediaHttpTest {
  private static final String SDP = "application/sdp";
  private static final String SDP_FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final long TOKEN_SECONDS = 600;
  private static final Algorithm OURS = Algorithm.HMAC256(BrowserLab.SECRET);
  private static final Instant SOON = Instant.now().plusSeconds(TOKEN_SECONDS);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private BrowserLab lab;

  @BeforeEach
  void useServer(BrowserLab lab) {
    this.lab = lab;
  }

  /** Values of the Authorization header that open nothing. */
  enum Refused {
    NONE(door -> ""),
    OTHER_SCHEME(door -> "Basic ZGVtbzpkZW1v"),
    NO_JWT(door -> "Bearer not.a.token"),
    EXPIRED(door -> bearer(claims(door).withExpiresAt(Instant.now().minusSeconds(1)), OURS)),
    ENDLESS(door -> bearer(claims(door), OURS)),
    OTHER_DOOR(door -> bearer(claims("webrtc").withExpiresAt(SOON), OURS)),
    OTHER_SECRET(door -> bearer(claims(door).withExpiresAt(SOON), Algorithm.HMAC256("x".repeat(32)))),
    UNSIGNED(door -> bearer(claims(door).withExpiresAt(SOON), Algorithm.none())),
    UNKNOWN_APP(door -> bearer(claims(door).withSubject("nobody").withExpiresAt(SOON), OURS));

    final UnaryOperator<String> header;

    Refused(UnaryOperator<String> header) {
      this.header = header;
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesTokenWithChallenge(Refused refused) throws Exception {
    for (String door : List.of("whip", "whep")) {
      HttpRequest.Builder request = request("/" + door + "/endpoint").header("Content-Type", SDP);
      String header = refused.header.apply(door);
      if (!header.isEmpty()) {
        request.header("Authorization", header);
      }
      HttpResponse<String> answer = send(request.POST(BodyPublishers.ofString(offer("sendonly"))));

      assertProblem(answer, 401, "invalid_token");
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValueSatisfying(
          challenge -> assertThat(challenge).startsWith("Bearer ").contains("error=\"invalid_token\""));
    }
  }

  @Test
  void answersAnOffer() throws Exception {
    HttpResponse<String> answer = publish("room-answers");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(SDP);
    assertThat(answer.headers().firstValue("ETag")).hasValueSatisfying(tag -> assertThat(tag).matches("\"[^\"]+\""));
    assertThat(location(answer)).startsWith("/whip/conn/");
    assertThat(answer.body()).contains("a=ice-lite", "a=fingerprint:sha-256 ", "a=recvonly");
    assertThat(answer.body().lines().filter(line -> line.startsWith("a=candidate:")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches("a=candidate:\\S+ 1 udp \\d+ [0-9a-f.:]+ \\d+ typ host"));
  }

  @Test
  void connectionNamesAreLongAndDiffer() throws Exception {
    String first = location(publish("room-names"));
    String second = location(publish("room-names"));

    assertThat(first).isNotEqualTo(second);
    assertThat(first.substring(first.lastIndexOf('/') + 1)).hasSizeGreaterThanOrEqualTo(22);
  }

  @Test
  void wantsSdpForAnOffer() throws Exception {
    HttpResponse<String> answer = send(as(TokenKind.WHIP, "r", "/whip/endpoint")
        .header("Content-Type", "text/plain").POST(BodyPublishers.ofString(offer("sendonly"))));

    assertProblem(answer, 415, "wrong_content_type");
  }

  @Test
  void namesTheBrokenLine() throws Exception {
    String broken = offer("sendonly").replace("m=audio 9 ", "m=audio nine ");
    int line = broken.lines().toList().indexOf("m=audio nine UDP/TLS/RTP/SAVPF 111") + 1;

    HttpResponse<String> answer = offer(TokenKind.WHIP, "r", BodyPublishers.ofString(broken));

    assertProblem(answer, 400, "bad_sdp");
    assertThat(JSON.readTree(answer.body()).get("message").asText()).startsWith("line " + line + " ").contains("nine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "v=0\r\n", "{\"sdp\":\"v=0\"}"})
  void refusesWhatIsNoOffer(String body) throws Exception {
    assertProblem(offer(TokenKind.WHIP, "r", BodyPublishers.ofString(body)), 400, "bad_sdp");
    assertProblem(offer(TokenKind.WHEP, "r", BodyPublishers.ofString(body)), 400, "bad_sdp");
  }

  @ParameterizedTest
  @EnumSource(names = {"WHIP", "WHEP"})
  void refusesALargeBody(TokenKind kind) throws Exception {
    byte[] large = new byte[70_000];
    Arrays.fill(large, (byte) 'a');

    assertProblem(offer(kind, "r", BodyPublishers.ofByteArray(large)), 413, "too_large");
    BodyPublisher ofUnknownLength = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large));
    assertProblem(offer(kind, "r", ofUnknownLength), 413, "too_large");
  }

  @Test
  void keepsTheRequestIdOfTheCaller() throws Exception {
    HttpRequest.Builder request = request("/whip/endpoint").header("x-request-id", "call-7");

    HttpResponse<String> answer = send(request.POST(BodyPublishers.noBody()));

    assertThat(JSON.readTree(answer.body()).get("requestId").asText()).isEqualTo("call-7");
    assertProblem(answer, 401, "invalid_token");
  }

  @Test
  void knowsNoSuchRoute() throws Exception {
    assertProblem(send(request("/whip/nothing").GET()), 404, "no_such_route");
    assertProblem(send(request("/nothing").GET()), 404, "no_such_route");
  }

  /** RFC 9110 §15.5.6, for the routes of all three programs under one origin. */
  @Test
  void namesTheMethodsOfAKnownPath() throws Exception {
    Map<String, String> allowed = Map.of("/whip/endpoint", "OPTIONS, POST", "/whip/conn/AAAA", "DELETE, OPTIONS, PATCH",
        "/health", "GET, HEAD", "/api/rooms", "GET, HEAD, OPTIONS", "/api/convert/jobs", "GET, HEAD");
    for (Map.Entry<String, String> path : allowed.entrySet()) {
      String method = path.getKey().startsWith("/whip") ? "PUT" : "POST";
      HttpResponse<String> answer = send(request(path.getKey()).method(method, BodyPublishers.ofString("{}")));

      assertProblem(answer, 405, "method_not_allowed");
      assertThat(answer.headers().firstValue("Allow")).as(path.getKey()).contains(path.getValue());
    }
  }

  @Test
  void knowsNoSuchConnection() throws Exception {
    assertProblem(send(as(TokenKind.WHIP, "r", "/whip/conn/AAAA").DELETE()), 404, "connection_not_found");
    assertProblem(patch(TokenKind.WHIP, "r", "/whip/conn/AAAA", "*", fragment("abcd")), 404, "connection_not_found");
    assertProblem(send(as(TokenKind.WHEP, "r", "/whep/conn/AAAA/slots").GET()), 404, "connection_not_found");
  }

  @Test
  void aPublishersConnectionIsNoWatchers() throws Exception {
    String whip = location(publish("room-doors"));

    assertProblem(send(as(TokenKind.WHEP, "room-doors", whip.replace("/whip/", "/whep/")).DELETE()),
        404, "connection_not_found");
  }

  @Test
  void refusesTokenOfAnotherRoom() throws Exception {
    String connection = location(publish("room-mine"));

    assertProblem(send(as(TokenKind.WHIP, "room-yours", connection).DELETE()), 403, "wrong_token");
    assertThat(send(as(TokenKind.WHIP, "room-mine", connection).DELETE()).statusCode()).isEqualTo(200);
  }

  @Test
  void candidatesNeedTheTagInForce() throws Exception {
    HttpResponse<String> created = publish("room-tags");
    String connection = location(created);
    String tag = created.headers().firstValue("ETag").orElseThrow();

    assertProblem(patch(TokenKind.WHIP, "room-tags", connection, null, fragment("abcd")), 428, "if_match_required");
    assertProblem(patch(TokenKind.WHIP, "room-tags", connection, "\"x\"", fragment("abcd")), 412, "etag_mismatch");
    assertThat(patch(TokenKind.WHIP, "room-tags", connection, tag, fragment("abcd")).statusCode()).isEqualTo(204);
  }

  @Test
  void restartAnswersNewCredentialsAndTag() throws Exception {
    HttpResponse<String> created = publish("room-restart");
    String connection = location(created);
    String tag = created.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> restarted = patch(TokenKind.WHIP, "room-restart", connection, "*", fragment("wxyz"));

    assertThat(restarted.statusCode()).isEqualTo(200);
    assertThat(restarted.headers().firstValue("Content-Type")).hasValue(SDP_FRAGMENT);
    assertThat(restarted.headers().firstValue("ETag")).isPresent().get().isNotEqualTo(tag);
    assertThat(line(restarted.body(), "a=ice-ufrag:")).isNotEqualTo(line(created.body(), "a=ice-ufrag:"));
    assertThat(line(restarted.body(), "a=ice-pwd:")).isNotEqualTo(line(created.body(), "a=ice-pwd:"));
    assertProblem(patch(TokenKind.WHIP, "room-restart", connection, tag, fragment("wxyz")), 412, "etag_mismatch");
  }

  @Test
  void patchWantsAFragment() throws Exception {
    String connection = location(publish("room-fragment"));

    assertProblem(send(as(TokenKind.WHIP, "room-fragment", connection).header("If-Match", "*")
        .header("Content-Type", SDP).method("PATCH", BodyPublishers.ofString(fragment("abcd")))),
        415, "wrong_content_type");
    assertProblem(patch(TokenKind.WHIP, "room-fragment", connection, "*", "a=ice-ufrag:!\r\n"), 400, "bad_sdp");
  }

  @Test
  void deletesOnce() throws Exception {
    String connection = location(publish("room-delete"));

    assertThat(send(as(TokenKind.WHIP, "room-delete", connection).DELETE()).statusCode()).isEqualTo(200);
    assertProblem(send(as(TokenKind.WHIP, "room-delete", connection).DELETE()), 404, "connection_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/whip/endpoint", "/whep/endpoint", "/whip/conn/AAAA", "/whep/conn/AAAA",
      "/whep/conn/AAAA/slots"})
  void pagesOfOtherOriginsMayAsk(String path) throws Exception {
    HttpResponse<String> preflight = send(request(path)
        .header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization,content-type,if-match")
        .header("Origin", "https://elsewhere.example")
        .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(words(preflight, "Access-Control-Allow-Methods")).contains("POST", "PATCH", "PUT", "DELETE");
    assertThat(words(preflight, "Access-Control-Allow-Headers")).contains("Authorization", "Content-Type", "If-Match");
  }

  @Test
  void pagesOfOtherOriginsMayReadLocationAndTag() throws Exception {
    HttpResponse<String> created = publish("room-cors");

    assertThat(created.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(words(created, "Access-Control-Expose-Headers")).contains("Location", "ETag");
  }

  @Test
  void problemsAreReadableForPagesOfOtherOrigins() throws Exception {
    HttpResponse<String> refused = send(request("/whip/endpoint").POST(BodyPublishers.noBody()));

    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(words(refused, "Access-Control-Expose-Headers")).contains("WWW-Authenticate");
  }

  @Test
  void slotsNameWhatIsWrong() throws Exception {
    HttpResponse<String> created = offer(TokenKind.WHEP, "room-slots", BodyPublishers.ofString(offer("recvonly")));
    String slots = location(created) + "/slots";

    assertProblem(put("room-slots", slots, "[]"), 400, "bad_slots");
    assertProblem(put("room-slots", slots, "{\"slots\":[{\"peer\":\"p\"}]}"), 400, "bad_slots");
    assertProblem(put("room-slots", slots, "{\"slots\":[{\"mid\":\"7\",\"peer\":\"p\"}]}"), 400, "unknown_mid");
    HttpResponse<String> waiting = put("room-slots", slots, "{\"slots\":[{\"mid\":\"0\",\"peer\":\"p\"}]}");
    assertThat(waiting.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(waiting.body()).at("/slots/0/state").asText()).isEqualTo("waiting");
    assertThat(send(as(TokenKind.WHEP, "room-slots", slots).GET()).body()).isEqualTo(waiting.body());
  }

  private HttpResponse<String> publish(String room) throws Exception {
    HttpResponse<String> created = offer(TokenKind.WHIP, room, BodyPublishers.ofString(offer("sendonly")));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return created;
  }

  private HttpResponse<String> offer(TokenKind kind, String room, BodyPublisher body) throws Exception {
    return send(as(kind, room, "/" + kind.issuer() + "/endpoint").header("Content-Type", SDP).POST(body));
  }

  private HttpResponse<String> patch(TokenKind kind, String room, String path, String match, String fragment)
      throws Exception {
    HttpRequest.Builder request = as(kind, room, path).header("Content-Type", SDP_FRAGMENT);
    if (match != null) {
      request.header("If-Match", match);
    }
    return send(request.method("PATCH", BodyPublishers.ofString(fragment)));
  }

  private HttpResponse<String> put(String room, String path, String body) throws Exception {
    return send(as(TokenKind.WHEP, room, path).header("Content-Type", "application/json")
        .PUT(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder as(TokenKind kind, String room, String path) {
    String token = lab.tokens().media(kind, BrowserLab.APP, Grant.of(room, "p", false), TOKEN_SECONDS);
    return request(path).header("Authorization", "Bearer " + token);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(lab.server() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static JWTCreator.Builder claims(String issuer) {
    return JWT.create().withIssuer(issuer).withSubject(BrowserLab.APP).withClaim("room", "r").withClaim("peer", "p");
  }

  private static String bearer(JWTCreator.Builder claims, Algorithm algorithm) {
    return "Bearer " + claims.sign(algorithm);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("error").asText()).isNotBlank();
    assertThat(problem.get("message").asText()).isNotBlank();
    assertThat(problem.get("requestId").asText()).isNotBlank();
    assertThat(answer.headers().firstValue("x-request-id")).hasValue(problem.get("requestId").asText());
  }

  private static String location(HttpResponse<String> created) {
    return created.headers().firstValue("Location").orElseThrow();
  }

  private static List<String> words(HttpResponse<String> answer, String header) {
    return List.of(answer.headers().firstValue(header).orElse("").split(", *"));
  }

  private static String line(String sdp, String prefix) {
    return sdp.lines().filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
  }

  private static String fragment(String ufrag) {
    return """
        a=ice-ufrag:%s
        a=ice-pwd:0123456789abcdef012345
        m=audio 9 UDP/TLS/RTP/SAVPF 0
        a=mid:0
        a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host
        """.formatted(ufrag).replace("\n", "\r\n");
  }

  /** One Opus track; its ICE user fragment is "abcd". */
  private static String offer(String direction) {
    return """
        v=0
        o=- 4962303333179871722 1 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=group:BUNDLE 0
        m=audio 9 UDP/TLS/RTP/SAVPF 111
        c=IN IP4 0.0.0.0
        a=ice-ufrag:abcd
        a=ice-pwd:0123456789abcdef012345
        a=fingerprint:sha-256 %s
        a=setup:actpass
        a=mid:0
        a=%s
        a=rtcp-mux
        a=rtpmap:111 opus/48000/2
        """.formatted("00" + ":5A".repeat(31), direction).replace("\n", "\r\n");
  }
}
