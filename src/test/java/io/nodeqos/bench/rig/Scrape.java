// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a program tells a scraper of metrics.
 *
 * @param text in the format of Prometheus
 */
public record Scrape(String text) {
  /**
   * The sum of some values.
   *
   * @param series how their lines begin
   */
  double sum(String series) {
    return lines(series).mapToDouble(Scrape::value).sum();
  }

  /** The sums of one metric by the values of one of its labels; others are not in it. */
  Map<String, Double> sums(String metric, String label) {
    Pattern pattern = Pattern.compile("[{,]" + label + "=\"([^\"]*)\"");
    Map<String, Double> sums = new TreeMap<>();
    lines(metric + "{")
        .forEach(
            line -> {
              Matcher found = pattern.matcher(line);
              if (found.find()) {
                sums.merge(found.group(1), value(line), Double::sum);
              }
            });
    return sums;
  }

  private Stream<String> lines(String begin) {
    return text.lines().filter(line -> line.startsWith(begin));
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
