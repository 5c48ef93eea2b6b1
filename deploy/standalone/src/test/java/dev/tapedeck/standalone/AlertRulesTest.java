package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of {@code deploy/prometheus/alerts.yml} speak of series that there are, and the page of every alert. */
class AlertRulesTest {
  private static final Pattern SERIES = Pattern.compile("\\btapedeck_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\S+)$");

  private final String rules = read("deploy/prometheus/alerts.yml");

  @TempDir
  private Path folder;

  @Test
  void everySeriesOfARuleIsInARealScrape() throws Exception {
    Set<String> wanted = new TreeSet<>(matches(SERIES, expressions()));
    assertThat(wanted).hasSizeGreaterThanOrEqualTo(11);
    try (Standalone server = Standalone.start(
            List.of("--data=" + folder, "--http.port=0", "--hooks.one.url=http://127.0.0.1:9/"));
        HttpClient http = HttpClient.newHttpClient()) {
      URI metrics = server.loopback().resolve("/metrics");
      String scrape = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      assertThat(new TreeSet<>(matches(SERIES, scrape))).containsAll(wanted);
    }
  }

  @Test
  void everyAlertSaysHowBadItIsAndWhatItMeans() {
    List<String> alerts = matches(ALERT, rules);
    assertThat(alerts).doesNotHaveDuplicates().contains("TapedeckOldestUnsentChunk", "TapedeckSpoolHoursLeft",
        "TapedeckFinalizedOverdue", "TapedeckHookLaneStuck", "TapedeckClockStep");
    String[] blocks = rules.split("(?m)^ +- alert: ");
    for (int i = 1; i < blocks.length; i++) {
      assertThat(blocks[i]).contains("expr: ", "severity: ", "summary: ", "description: ");
    }
    String page = read("docs/operating.md");
    List<String> explained = matches(Pattern.compile("(?m)^\\| `(Tapedeck[A-Za-z]+)` \\|"), page);
    assertThat(explained).containsExactlyInAnyOrderElementsOf(alerts);
  }

  /** What stands behind {@code expr:}, be it on one line or on several that are set further in. */
  private String expressions() {
    List<String> found = new ArrayList<>();
    boolean isInside = false;
    for (String line : rules.lines().toList()) {
      boolean isKey = line.matches(" {8}[a-z]+:.*");
      isInside = isKey ? line.startsWith("        expr:") : isInside;
      if (isInside) {
        found.add(line);
      }
    }
    return String.join("\n", found);
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(AlertRulesTest::named).collect(Collectors.toList());
  }

  private static String named(MatchResult match) {
    return match.groupCount() == 0 ? match.group() : match.group(1);
  }

  private static String read(String file) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("deploy/prometheus"))) {
        try {
          return Files.readString(at.resolve(file));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalStateException("not below the root of the project");
  }
}
