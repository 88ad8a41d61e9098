// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Whatever a client asks for is read as parameters, and those are read back from their query. */
class QueryFuzzTest {
  @FuzzTest
  void queryIsReadAndReadBack(byte[] bytes) {
    Map<String, String> query = Request.query(new String(bytes, StandardCharsets.UTF_8));
    assertEquals(
        query,
        Request.query(
            query.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"))));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
