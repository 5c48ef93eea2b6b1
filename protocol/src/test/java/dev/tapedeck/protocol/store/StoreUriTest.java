package dev.tapedeck.protocol.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUriTest {
  private static final String SECRET = "s3cret-s3cret";

  @Test
  void readsEveryPart() throws StoreUriException {
    StoreUri uri = StoreUri.parse("http://us%40er:p%2Fa%3As%25s:x@localhost:9000/bucket/a/b%20c?path_style=true&region=eu-1");

    assertThat(uri.endpoint()).isEqualTo("http://localhost:9000");
    assertThat(uri.bucket()).isEqualTo("bucket");
    assertThat(uri.path()).isEqualTo("a/b c/");
    assertThat(uri.keyOf("k")).isEqualTo("a/b c/k");
    assertThat(uri.accessKey().reveal()).isEqualTo("us@er");
    assertThat(uri.secretKey().reveal()).isEqualTo("p/a:s%s:x");
    assertThat(uri.region()).isEqualTo("eu-1");
    assertThat(uri.pathStyle()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://u:p@s3.example.com/bucket,              https://s3.example.com,      '',   false",
    "https://u:p@s3.example.com:443/bucket/,         https://s3.example.com,      '',   false",
    "http://u:p@127.0.0.1:9000/bucket//x//,          http://127.0.0.1:9000,       x/,   true",
    "http://u:p@[::1]:9000/bucket/x,                 http://[::1]:9000,           x/,   true",
    "HTTP://u:p@store/bucket?path_style=true,        http://store,                '',   true",
    "http://u:p@localhost/bucket?path_style=false,   http://localhost,            '',   false",
    "http://u:p@store/bucket/path/?region=,          http://store,                path/, false",
    "http://u:p@w@store:1/bucket,                    http://store:1,              '',   false"
  })
  void readsTheFormsPeopleWrite(String text, String endpoint, String path, boolean pathStyle) throws StoreUriException {
    StoreUri uri = StoreUri.parse(text);

    assertThat(uri.endpoint()).isEqualTo(endpoint);
    assertThat(uri.path()).isEqualTo(path);
    assertThat(uri.pathStyle()).isEqualTo(pathStyle);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "s3://u:s3cret-s3cret@h/bucket", "http://", "http:///bucket", "http://u:s3cret-s3cret@h", "http://h/bucket",
    "http://u:@h/bucket", "http://:s3cret-s3cret@h/bucket", "http://s3cret-s3cret@h/bucket",
    "http://u:s3cret-s3cret@h:0/bucket", "http://u:s3cret-s3cret@h:x/bucket", "http://u:s3cret-s3cret@h:99999/bucket",
    "http://u:s3cret-s3cret@h/b", "http://u:s3cret-s3cret@h/Bucket", "http://u:s3cret-s3cret@h/bucket/../x",
    "http://u:s3cret-s3cret@h/bucket?path_style=maybe", "http://u:s3cret-s3cret@h/bucket?style=path",
    "http://u:s3cret-s3cret%@h/bucket", "http://u:s3cret-s3cret%f@h/bucket", "http://u:s3cret-s3cret%ff@h/bucket",
    "http://u:s3cret-s3cret/x@h/bucket", "http://u:s3cret-s3cret?x@h/bucket", "http://u:s3cret-s3cret@h /bucket",
    "http://u:s3cret-s3cret@h/bucket/a%00b", "http://u:s3cret-s3cret@[::1/bucket", "http://u:s3cret-s3cret@h/buc%2Fket",
    "http://u:s3cret-s3cret@h/bucket?region=a%20b"
  })
  void saysWhatToChangeWithoutTheSecret(String text) {
    assertThatThrownBy(() -> StoreUri.parse(text))
        .isInstanceOf(StoreUriException.class)
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain(SECRET));
  }

  @Test
  void printsNoKeys() throws StoreUriException {
    StoreUri uri = StoreUri.parse("http://user-key:s3cret-s3cret@h/bucket");

    assertThat(uri.toString()).doesNotContain(SECRET).doesNotContain("user-key");
    assertThat(uri.secretKey().toString()).isEqualTo("****");
  }

  @Test
  void throwsNothingElseForAnyText() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    String alphabet = "htps:/@[]?&=%2F.abu-é\u0000😀";
    int parsed = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder("http://u:p@h/bucket/p?path_style=true");
      for (int edit = random.nextInt(6); edit >= 0; edit--) {
        text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertThat(StoreUri.parse(text.toString()).bucket()).isNotEmpty();
        parsed++;
      } catch (StoreUriException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
    System.out.println("fuzz store-uri: corpus 1, mutations 100000, seed " + seed + ", parsed " + parsed);
    assertThat(parsed).isPositive();
  }
}
