package dev.tapedeck.standalone;

import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.protocol.config.Config;
import dev.tapedeck.protocol.config.ConfigException;
import dev.tapedeck.protocol.config.ConfigSource;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.RecordPolicies;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code tapedeck token}: a token and a link, signed with the secrets of a data folder; no server is asked. */
@Command(name = "token", mixinStandardHelpOptions = true, usageHelpWidth = 110,
    description = "Prints a token and a join link, if there is a page for it, from the secrets of the data folder.",
    footer = "Apps of your own are given as to standalone: APPS_<NAME>_SECRETS in the environment.")
final class TokenCommand implements Callable<Integer> {

  /** What the token is for. */
  enum Kind { WHIP, WHEP, WEBRTC, INVITE, USER }

  @Option(names = "--room", paramLabel = "NAME", description = "Needed for all but webrtc and user")
  private String room;

  @Option(names = "--peer", paramLabel = "NAME", description = "Who joins; needed for whip and user")
  private String peer;

  @Option(names = "--record", description = "Whoever joins with it is taped")
  private boolean record;

  @Option(names = "--layers", paramLabel = "WHICH", description = "Layers of video to tape: " + RecordPolicies.LAYERS)
  private String layers;

  @Option(names = "--media", paramLabel = "WHICH", description = "Media to tape: " + RecordPolicies.MEDIA)
  private String media;

  @Option(names = "--hidden", description = "Whoever joins with it may ask to be seen by nobody; for whep and webrtc")
  private boolean hidden;

  @Option(names = "--recorder", description = "The same, for a program that records")
  private boolean recorder;

  @Option(names = "--kind", defaultValue = "whip", paramLabel = "KIND",
      description = "whip, whep, webrtc, invite or user; ${DEFAULT-VALUE}")
  private Kind kind;

  @Option(names = "--ttl", defaultValue = "3600", paramLabel = "S",
      description = "Seconds it may be used to join; ${DEFAULT-VALUE}")
  private long ttlSeconds;

  @Option(names = "--app", paramLabel = "NAME", description = "App that signs; the only one without it")
  private String app;

  @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "Data folder; ${DEFAULT-VALUE}")
  private Path data;

  @Option(names = "--url", paramLabel = "ORIGIN", defaultValue = "http://localhost:8080",
      description = "Where people reach the server; ${DEFAULT-VALUE}")
  private String url;

  @Unmatched
  private List<String> settings = new ArrayList<>();

  @Spec
  private CommandSpec command;

  @Override
  public Integer call() throws IOException, ConfigException, RefusedException {
    refuseMissing();
    Apps apps = apps();
    String chosen = app != null ? app : apps.onlyApp().orElseThrow(() ->
        new RefusedException("there are several apps: " + String.join(", ", apps.ids()) + "; choose one with --app"));
    if (!apps.ids().contains(chosen)) {
      throw new RefusedException("--app " + chosen + " is none of " + String.join(", ", apps.ids()));
    }
    TokenIssuer issuer = new TokenIssuer(apps, System::currentTimeMillis);
    String token;
    Optional<String> link;
    try {
      token = token(issuer, chosen);
      link = isUnseen() ? Optional.empty() : Optional.of(link(issuer, chosen, token));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(e.getMessage(), e);
    }
    PrintWriter out = command.commandLine().getOut();
    out.println("token  " + token);
    link.ifPresent(address -> out.println("link   " + address));
    out.flush();
    return 0;
  }

  private void refuseMissing() throws RefusedException {
    boolean needsRoom = kind != Kind.WEBRTC && kind != Kind.USER;
    boolean needsPeer = kind == Kind.WHIP || kind == Kind.USER;
    if (needsRoom && room == null || needsPeer && peer == null) {
      throw new RefusedException("a token of kind " + kind.name().toLowerCase(Locale.ROOT) + " needs "
          + (needsRoom ? "--room" : "") + (needsRoom && needsPeer ? " and " : "") + (needsPeer ? "--peer" : ""));
    }
    if (isUnseen() && kind != Kind.WHEP && kind != Kind.WEBRTC) {
      throw new RefusedException("only tokens of kind whep and webrtc can have --hidden and --recorder");
    }
  }

  /** Then there is no link: our pages join to be seen. */
  private boolean isUnseen() {
    return hidden || recorder;
  }

  /** As a server over the same data folder has them. */
  private Apps apps() throws IOException, ConfigException, RefusedException {
    ConnectorConfig config = Config.load(ConfigSource.of("", System.getenv(), settings), ConnectorConfig.class)
        .get(ConnectorConfig.class);
    Map<String, List<Redacted>> secrets = new LinkedHashMap<>();
    config.apps().forEach((name, configured) -> {
      if (!configured.secrets().isEmpty()) {
        secrets.put(name, configured.secrets());
      }
    });
    if (secrets.isEmpty()) {
      secrets.put(Secrets.DEFAULT_APP, List.of(secrets().app()));
    }
    return Apps.of(secrets);
  }

  private Secrets secrets() throws IOException, RefusedException {
    if (Files.notExists(data.resolve("secrets"))) {
      command.commandLine().getErr().println(
          "drew new secrets in " + data + "; a server over this folder will take them");
    }
    try {
      return Secrets.loadOrCreate(data, new SecureRandom());
    } catch (IOException e) {
      throw new RefusedException("the secrets in " + data + " cannot be used: " + Problems.say(e), e);
    }
  }

  private String token(TokenIssuer issuer, String app) {
    return switch (kind) {
      case WHIP, WHEP, WEBRTC ->
          issuer.media(TokenKind.valueOf(kind.name()), app,
              new Grant(room, peer, record, false, policy(), null, hidden, recorder), ttlSeconds);
      case INVITE -> issuer.invite(app, room, record, policy(), ttlSeconds);
      case USER -> issuer.user(app, peer, "admin", ttlSeconds);
    };
  }

  /** People join by an invite, in which the page asks for media tokens itself. */
  private String link(TokenIssuer issuer, String app, String token) {
    String origin = url.replaceAll("/+$", "");
    return switch (kind) {
      case USER -> origin + "/recordings.html#token=" + token;
      case INVITE -> origin + "/meeting.html#invite=" + token;
      case WHIP, WHEP, WEBRTC -> room == null ? origin + "/"
          : origin + "/meeting.html#invite=" + issuer.invite(app, room, record, policy(), ttlSeconds) + name();
    };
  }

  private Optional<RecordPolicy> policy() {
    return RecordPolicies.of(Optional.ofNullable(layers), Optional.ofNullable(media));
  }

  private String name() {
    return peer == null ? "" : "&name=" + URLEncoder.encode(peer, StandardCharsets.UTF_8);
  }
}
