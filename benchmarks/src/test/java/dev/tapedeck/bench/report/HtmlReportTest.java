package dev.tapedeck.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  /** Anything a page would load from elsewhere. */
  private static final Pattern LOADED =
      Pattern.compile("(?:src|href)=[\"'](?!data:)|@import|url\\(\\s*[\"']?http", Pattern.CASE_INSENSITIVE);

  private record Invented(String title, String verdict, List<Section> shown) implements Findings {
    @Override
    public String toText() {
      return title;
    }

    @Override
    public String toJson() {
      return "{\"cpu_us\":2.5,\"runs\":[{\"name\":\"</script>\",\"lost\":0},{\"name\":\"b\",\"lost\":3}],"
          + "\"server\":{\"crypto\":\"libcrypto\"}}";
    }

    @Override
    public List<Section> sections() {
      return shown.isEmpty() ? Findings.super.sections() : shown;
    }
  }

  private static final HtmlReport.Occasion OCCASION = new HtmlReport.Occasion(
      new Machine("a CPU", 2, 1024, "Linux", "a JDK", 0.5), "./tapedeck bench forward --json", Instant.EPOCH);

  @Test
  void isOneFileThatLoadsNothing(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("new/report.html");
    HtmlReport.write(file, new Invented("A <title>", "ok", List.of(
        new Section.Lines("Latency", "", new Section.Axis("share", Section.Scale.NINES), Section.Axis.linear("us"),
            List.of(new Section.Line("</script>", List.of(new Section.Point(0.99, 5))))),
        new Section.Bars("CPU", "", "us", List.of("a"), List.of(new Section.Part("worker", List.of(1.5)))))), OCCASION);

    String html = Files.readString(file);
    assertThat(html).contains("A &lt;title&gt;", "verdict good", "id=\"plot0\"", "id=\"plot1\"", "Chart.js v",
        "./tapedeck bench forward --json", "1970-01-01 00:00 UTC", "<\\/script>");
    assertThat(html.substring(0, html.indexOf("Chart.js v"))).doesNotContainPattern(LOADED);
    assertThat(html).doesNotContain("@plots@", "@library@", "@sections@");
  }

  @Test
  void showsAnyJsonAsTables() throws Exception {
    String html = HtmlReport.render(new Invented("Soak", "something grew", List.of()), OCCASION);

    assertThat(html).contains("verdict bad", "<td>cpu us</td><td class=\"number\">2.5</td>", "<h2>Runs</h2>",
        "&lt;/script&gt;", "<td>crypto</td><td>libcrypto</td>");
  }
}
