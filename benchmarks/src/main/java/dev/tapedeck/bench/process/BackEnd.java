package dev.tapedeck.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a recording media server needs behind it: an S3 store over a folder (S3Proxy) and a connector, each a process of
 * its own, so that their CPU time is not counted as the server's.
 */
public final class BackEnd implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BUCKET = "tapes";
  private static final String ACCESS_KEY = "bench-access";
  private static final String SECRET_KEY = "bench-secret";
  private static final String APP_SECRET = "the bench talks to its own connector only";
  private static final List<String> FLAGS = List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m");
  private static final Pattern CONNECTOR_READY =
      Pattern.compile("connector on (http://[^,\\s]+), media servers dial port (\\d+)");

  private final Path folder;
  private final int storePort;
  private final HttpClient http = HttpClient.newHttpClient();
  private ChildProgram store;
  private ChildProgram connector;
  private URI connectorAddress;
  private List<String> serverArguments;

  private BackEnd(Path folder, int storePort) {
    this.folder = folder;
    this.storePort = storePort;
  }

  /** @param folder gets objects, database and logs; made if missing */
  public static BackEnd start(Path folder) throws IOException {
    BackEnd backEnd = new BackEnd(Files.createDirectories(folder), ServerProcess.freePort());
    try {
      backEnd.startStore();
      backEnd.startConnector();
      return backEnd;
    } catch (IOException e) {
      backEnd.close();
      throw e;
    }
  }

  /** Starts the store over the objects it had. */
  public void startStore() throws IOException {
    Files.createDirectories(objects());
    Path settings = folder.resolve("store.properties");
    Files.write(settings, List.of(
        "s3proxy.endpoint=http://127.0.0.1:" + storePort,
        "s3proxy.authorization=aws-v4",
        "s3proxy.identity=" + ACCESS_KEY,
        "s3proxy.credential=" + SECRET_KEY,
        "jclouds.provider=filesystem-nio2",
        "jclouds.filesystem.basedir=" + objects().getParent()));
    store = ChildProgram.startJava("the store", FLAGS, "org.gaul.s3proxy.Main",
        List.of("--properties", settings.toString()), folder.resolve("store.log"));
    store.await(this::storeAnswers);
  }

  /** From now on the store refuses connections. */
  public void stopStore() {
    store.close();
  }

  private boolean storeAnswers() {
    try {
      // Without a signature it refuses, but it is there.
      return get(URI.create("http://127.0.0.1:" + storePort + "/" + BUCKET), "").statusCode() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void startConnector() throws IOException {
    Path data = folder.resolve("connector");
    connector = ChildProgram.startJava("the connector", FLAGS, "dev.tapedeck.connector.Connector", List.of(
        "--data=" + data, "--http.port=0", "--grpc.port=0", "--room.destroy-after=1s",
        "--apps." + ServerProcess.APP + ".secrets=" + APP_SECRET,
        "--store.uri=http://" + ACCESS_KEY + ":" + SECRET_KEY + "@127.0.0.1:" + storePort + "/" + BUCKET
            + "?path_style=true"), folder.resolve("connector.log"));
    Matcher ready = connector.awaitLine(CONNECTOR_READY);
    connectorAddress = URI.create(ready.group(1));
    serverArguments = List.of("--node.connector=127.0.0.1:" + ready.group(2), "--node.secret=" + nodeSecret(data));
  }

  /** The connector drew it at its first start. */
  private static String nodeSecret(Path data) throws IOException {
    String key = "node = ";
    return Files.readAllLines(data.resolve("secrets")).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()))
        .findFirst()
        .orElseThrow(() -> new IOException("the connector wrote no node secret to " + data.resolve("secrets")));
  }

  /** Arguments that tie a media server to this connector. */
  public List<String> serverArguments() {
    return serverArguments;
  }

  /** Where objects lie as plain files, by key. */
  public Path objects() {
    return folder.resolve("store").resolve(BUCKET);
  }

  public long connectorPid() {
    return connector.pid();
  }

  /** How many recordings there are of each verdict; waits until all have one.
   *  @throws IOException if one has none in time */
  public Map<String, Integer> verdicts() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    connector.await(() -> {
      counts.clear();
      counts.putAll(verdictsSoFar());
      return !counts.containsKey("");
    });
    return counts;
  }

  /** A recording without a verdict counts under the empty one. */
  private Map<String, Integer> verdictsSoFar() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    int pages = 1;
    for (int page = 1; page <= pages; page++) {
      JsonNode answer = JSON.readTree(get(
          connectorAddress.resolve("/api/recordings?pageSize=100&page=" + page), APP_SECRET).body());
      for (JsonNode recording : answer.path("recordings")) {
        counts.merge(recording.path("verdict").asText(""), 1, Integer::sum);
      }
      pages = answer.path("pagination").path("totalPages").asInt(1);
    }
    return counts;
  }

  private HttpResponse<String> get(URI address, String bearer) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + address.getHost(), e);
    }
  }

  @Override
  public void close() {
    if (connector != null) {
      connector.close();
    }
    if (store != null) {
      store.close();
    }
    http.close();
  }
}
