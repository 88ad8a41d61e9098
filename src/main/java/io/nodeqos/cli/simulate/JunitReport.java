// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.simulate.ExpectationCheck.Outcome;
import java.util.List;

/** The outcomes of expectations as JUnit's XML, which all CI systems read. */
final class JunitReport {
  private JunitReport() {}

  /**
   * The whole file.
   *
   * @param name of the test suite, such as the file of the expectations
   */
  static String xml(String name, List<Outcome> outcomes) {
    long failures = outcomes.stream().filter(outcome -> !outcome.holds()).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites><testsuite name=\"")
        .append(escaped(name))
        .append("\" tests=\"")
        .append(outcomes.size())
        .append("\" failures=\"")
        .append(failures)
        .append("\" errors=\"0\" skipped=\"0\">\n");
    for (Outcome outcome : outcomes) {
      xml.append("  <testcase classname=\"nodeqos.simulate\" name=\"")
          .append(escaped(outcome.expectation()))
          .append("\"");
      if (outcome.holds()) {
        xml.append("/>\n");
      } else {
        // Some CI systems show the attribute, and some the text.
        String why = escaped(outcome.failure().get());
        xml.append("><failure type=\"expectation\" message=\"")
            .append(why)
            .append("\">")
            .append(why)
            .append("</failure></testcase>\n");
      }
    }
    return xml.append("</testsuite></testsuites>\n").toString();
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                  // XML 1.0 has no others, not even escaped.
                  if (c == '\t' || c == '\n' || c == '\r') {
                    escaped.append("&#").append(c).append(';');
                  } else if (c >= 0x20
                      && (c < 0xd800 || c > 0xdfff)
                      && c != 0xfffe
                      && c != 0xffff) {
                    escaped.appendCodePoint(c);
                  }
                }
              }
            });
    return escaped.toString();
  }
}
