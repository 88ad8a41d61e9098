// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyEnvironmentTest {
  private static String proxy(String server, Map<String, String> environment) {
    return new ProxyEnvironment(environment)
        .proxyOf(HttpUrl.get(server))
        .map(ProxyAddress::describe)
        .orElse("");
  }

  @Test
  void upperCaseVariableOfTheSchemeWins() {
    assertEquals("http://p:80", proxy("https://host", Map.of("HTTPS_PROXY", "p")));
    assertEquals(
        "http://p:80", proxy("https://host", Map.of("https_proxy", "http://p", "http_proxy", "q")));
    assertEquals(
        "https://q:443",
        proxy("http://host", Map.of("HTTP_PROXY", "https://q", "http_proxy", "r")));
    assertEquals("socks5://p:1080", proxy("https://host", Map.of("HTTPS_PROXY", "socks5h://p")));
    assertEquals("", proxy("https://host", Map.of("HTTP_PROXY", "p", "ALL_PROXY", "p")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://host|*|true",
        "https://host|a, HOST|true",
        "https://a.host|host|true",
        "https://ahost|host|false",
        "https://host|.host|false",
        "https://a.host|.host|true",
        "https://a.host|*.host|true",
        "https://host:6443|host:6443|true",
        "https://host:6443|host:443|false",
        "https://host|host:443|true",
        "https://10.1.2.3|10.1.0.0/16|true",
        "https://10.2.2.3|10.1.0.0/16|false",
        "https://10.1.2.3|10.1.2.0/25|true",
        "https://10.1.2.200|10.1.2.0/25|false",
        "https://10.1.2.3|10.1.2.3|true",
        "https://10.1.2.3|10.1.2.30|false",
        "https://10.1.2.3|10.1.0.0/99,x/8,/|false",
        "https://[fd00::1]|fd00::/8|true",
        "https://[fd00::1]|10.0.0.0/8|false",
        "https://[fd00::1]|fd00:0::1|true",
        "https://[fd00::1]:6443|[fd00::1]:6443|true",
        "https://[fd00::1]:6443|[fd00::1]:443|false",
        "https://127.0.0.1|nothing|true",
        "https://127.8.8.8|nothing|true",
        "https://[::1]|nothing|true",
        "https://localhost|nothing|true",
        "https://host|,,|false"
      })
  void hostsOfNoProxyAndTheLoopbackAreReachedDirectly(
      String server, String noProxy, boolean straight) {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "p", "no_proxy", noProxy);

    assertEquals(straight ? "" : "http://p:80", proxy(server, environment));
  }

  @Test
  void unparsableProxyIsReportedWithoutItsPassword() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> proxy("https://host", Map.of("HTTPS_PROXY", "ftp://u:secret@p")))
            .getMessage();

    assertTrue(message.contains("HTTPS_PROXY has the scheme ftp"), message);
    assertFalse(message.contains("secret"), message);
  }
}
