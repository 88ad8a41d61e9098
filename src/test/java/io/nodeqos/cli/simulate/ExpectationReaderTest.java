// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationReaderTest {
  private static final String HEAD = "apiVersion: cli.nodeqos.io/v1\nkind: Expectations\nexpect:\n";

  private static List<Expectation> read(String text) throws BadExpectations {
    return new ExpectationReader("e.yaml").read(text);
  }

  @Test
  void allKindsAreRead() throws BadExpectations {
    Expectation.Nodes all = new Expectation.Nodes("", "", false);
    assertEquals(
        List.of(
            new Expectation.Config(
                new Expectation.Nodes("n1", "", false),
                "quota.classes[gold].cpu.max",
                Optional.of("1 2")),
            new Expectation.Config(all, "images[0]", Optional.empty()),
            new Expectation.Unchanged(new Expectation.Nodes("", "pool=a", false)),
            new Expectation.Warm(new Expectation.Nodes("", "", true), Duration.ofMinutes(5)),
            new Expectation.MarksLost(all, 0),
            new Expectation.WritesPerNode(all, 4),
            new Expectation.NoWarnings()),
        read(
            HEAD
                + """
                - config: {node: n1, path: "quota.classes[gold].cpu.max", is: 1 2}
                - config: {path: "images[0]", is: null}
                - unchanged: {selector: pool=a}
                - warm: {new: true, within: 5m}
                - marksLost: {atMost: 0}
                - writesPerNode: {atMost: 4}
                - warnings: none
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          - cold: {}                            | e.yaml:4: expect[0] has the unknown field cold; allowed are config, marksLost, unchanged, warm, warnings, writesPerNode
          - warm: {within: soon}                | e.yaml:4: expect[0].warm.within is soon, must be a duration such as 5m
          - warm: {}                            | e.yaml:4: expect[0].warm lacks the field within
          - warm: {within: 1m, new: yes}        | e.yaml:4: expect[0].warm.new is yes, must be true or false
          - marksLost: {atMost: -1}             | e.yaml:4: expect[0].marksLost.atMost is -1, must be a whole number
          - unchanged: {selector: "a b"}        | e.yaml:4: expect[0].unchanged.selector is a b, must be like pool=gpu,zone!=a
          - unchanged: {label: a}               | e.yaml:4: expect[0].unchanged has the unknown field label; allowed are new, node, selector
          - config: {path: "a..b", is: 1}       | e.yaml:4: expect[0].config.path is a..b, must be like quota.classes[gold].cpu.max or images[0]
          - warnings: many                      | e.yaml:4: expect[0].warnings is many, must be none
          - 7                                   | e.yaml:4: expect[0] must be a mapping with config, marksLost, unchanged, warm, warnings, writesPerNode
          - {warnings: none, marksLost: {atMost: 1}} | e.yaml:4: expect[0] must have exactly one field
          """)
  void mistakesAreNamedWithTheirLine(String item, String sentence) {
    assertEquals(
        sentence, assertThrows(BadExpectations.class, () -> read(HEAD + item)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                            | e.yaml is empty
          kind: Expectations                            | e.yaml:1: the file lacks the field apiVersion, which must be cli.nodeqos.io/v1
          'apiVersion: v2'                              | e.yaml:1: apiVersion is v2, must be cli.nodeqos.io/v1
          'a: [}'                                       | e.yaml:1: is not YAML: expected the node content, but found '}'
          """)
  void mistakesOfTheWholeFile(String text, String sentence) {
    assertEquals(sentence, assertThrows(BadExpectations.class, () -> read(text)).getMessage());
  }
}
