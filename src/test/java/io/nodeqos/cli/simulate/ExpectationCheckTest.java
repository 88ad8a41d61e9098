// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.simulate.Expectation.Nodes;
import io.nodeqos.cli.simulate.ExpectationCheck.Outcome;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ExpectationCheckTest {
  private static final Nodes ALL = new Nodes("", "", false);
  private static final Nodes NEW = new Nodes("", "", true);
  private static final String MAX = "quota.classes[gold].cpu.max";

  private static SimulationResult result;

  @BeforeAll
  static void simulate() {
    Simulation simulation =
        new Simulation(Fleets.input(Fleets.objects(5), Fleets.BASE, new Joins(2, 1)));
    result = simulation.run(simulation.cluster());
  }

  private static String check(Expectation expectation) {
    Outcome outcome = new ExpectationCheck(result).check(List.of(expectation)).get(0);
    return outcome.failure().orElse("ok");
  }

  @Test
  void configuration() {
    Nodes general = new Nodes("", "nodeqos.io/demo-pool=general", false);
    assertEquals("ok", check(new Expectation.Config(general, MAX, Optional.of("390000 100000"))));
    assertTrue(
        check(new Expectation.Config(general, MAX, Optional.of("1")))
            .matches("(\\d+) of \\1 are not so: general-0000\\d is \"390000 100000\"; .*"));
    assertEquals(
        "ok", check(new Expectation.Config(ALL, "quota.classes[silver]", Optional.empty())));
    assertTrue(
        check(new Expectation.Config(general, "images[0]", Optional.of("x")))
            .contains(" is absent"));
  }

  @Test
  void warmInTime() {
    assertEquals("ok", check(new Expectation.Warm(ALL, Duration.ofMinutes(2))));
    assertTrue(
        check(new Expectation.Warm(NEW, Duration.ofMillis(1))).startsWith("2 of 2 are not so: "),
        check(new Expectation.Warm(NEW, Duration.ofMillis(1))));
  }

  @Test
  void writes() {
    assertTrue(
        check(new Expectation.Unchanged(ALL)).startsWith("7 of 7 are not so: "),
        check(new Expectation.Unchanged(ALL)));
    assertEquals("ok", check(new Expectation.WritesPerNode(ALL, 20)));
    assertTrue(check(new Expectation.WritesPerNode(ALL, 0)).contains("is written "));
    assertEquals("ok", check(new Expectation.MarksLost(ALL, 0)));
    assertEquals("ok", check(new Expectation.NoWarnings()));
  }

  @Test
  void expectationAboutNoNodeFails() {
    assertEquals(
        "there is no such node", check(new Expectation.Unchanged(new Nodes("x", "", false))));
  }

  /** A label may have any character, and an XML file few of them. */
  @Test
  void junitReportIsXmlWithTheSameTexts() throws Exception {
    String xml =
        JunitReport.xml(
            "a&b",
            List.of(
                new Outcome("x is \"1\"", Optional.empty()),
                new Outcome("y", Optional.of("<no>\r\n\t\u0007\ud800\ufffe ä\ud83d\ude00 ]]>"))));

    Element suites =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    Element suite = (Element) suites.getElementsByTagName("testsuite").item(0);
    assertEquals("a&b", suite.getAttribute("name"));
    assertEquals("2", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    NodeList cases = suite.getElementsByTagName("testcase");
    assertEquals("x is \"1\"", ((Element) cases.item(0)).getAttribute("name"));
    assertEquals(0, cases.item(0).getChildNodes().getLength());
    Element failure = (Element) ((Element) cases.item(1)).getElementsByTagName("failure").item(0);
    assertEquals("<no>\r\n\t ä\ud83d\ude00 ]]>", failure.getAttribute("message"));
    assertEquals(failure.getAttribute("message"), failure.getTextContent());
  }
}
