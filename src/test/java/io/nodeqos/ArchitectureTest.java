// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arrows between packages. A class that breaks one is in the wrong place. */
@AnalyzeClasses(packages = "io.nodeqos", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Package to the packages of ours that it may import. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("node", List.of()),
          Map.entry("telemetry", List.of()),
          Map.entry("policy", List.of("node")),
          Map.entry("gate", List.of("node", "policy")),
          Map.entry("qos", List.of("node", "policy")),
          Map.entry("queue", List.of("telemetry")),
          Map.entry("election", List.of("telemetry")),
          Map.entry("events", List.of("node")),
          Map.entry("history", List.of("events", "node")),
          Map.entry("http", List.of("telemetry")),
          Map.entry(
              "reconcile",
              List.of("node", "policy", "gate", "qos", "queue", "election", "events", "telemetry")),
          Map.entry(
              "kube", List.of("reconcile", "election", "events", "node", "policy", "telemetry")),
          Map.entry("sim", List.of()));

  @ArchTest static final ArchRule EACH_PACKAGE_IMPORTS_WHAT_IT_MAY = arrows();

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.nodeqos.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule CONFIG_KNOWS_ONLY_THE_SETTINGS_OF_OTHERS =
      noClasses()
          .that()
          .resideInAPackage("io.nodeqos.config")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.nodeqos..")
                  .and(DescribedPredicate.not(resideInAPackage("io.nodeqos.config")))
                  .and(DescribedPredicate.not(settingsRecord())));

  @ArchTest
  static final ArchRule APP_WIRES_EVERYTHING_BUT_THE_COMMANDS =
      noClasses()
          .that()
          .resideInAPackage("io.nodeqos.app")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.nodeqos.cli", "io.nodeqos.sim"));

  @ArchTest
  static final ArchRule ONLY_THE_DEMO_IMPORTS_SIM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.sim")
          .and()
          .haveNameNotMatching(
              "io\\.nodeqos\\.cli\\.(Demo|NodeBoard|YamlObjects|ApiWrite|Expectation).*")
          .should()
          .dependOnClassesThat(resideInAPackage("io.nodeqos.sim"));

  @ArchTest
  static final ArchRule ONLY_KUBE_AND_ELECTION_IMPORT_THE_KUBERNETES_CLIENT =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.nodeqos.kube", "io.nodeqos.election")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kubernetes..")
                  .and(DescribedPredicate.not(JavaClass.Predicates.simpleNameEndingWith("Queue"))));

  @ArchTest
  static final ArchRule ONLY_TELEMETRY_IMPORTS_PROMETHEUS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.telemetry")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  @ArchTest
  static final ArchRule ONLY_TELEMETRY_IMPORTS_OPENTELEMETRY =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.telemetry")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule TIME_COMES_FROM_A_CLOCK =
      classes().should(never(callMethod(System.class, "currentTimeMillis")));

  private static DescribedPredicate<JavaClass> settingsRecord() {
    return DescribedPredicate.describe(
        "settings",
        c ->
            c.getFullName().matches(".*\\.[A-Za-z]*Settings(\\$.*)?")
                || c.getFullName().equals("io.nodeqos.node.GoDuration"));
  }

  private static ArchRule arrows() {
    List<ArchRule> rules = new ArrayList<>();
    MAY_IMPORT.forEach(
        (name, imports) -> {
          List<String> allowed = new ArrayList<>();
          allowed.add("io.nodeqos." + name + "..");
          imports.forEach(i -> allowed.add("io.nodeqos." + i + ".."));
          DescribedPredicate<JavaClass> others =
              resideInAPackage("io.nodeqos..")
                  .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new))));
          DescribedPredicate<JavaClass> keysForSim =
              JavaClass.Predicates.equivalentTo(io.nodeqos.node.Keys.class);
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage("io.nodeqos." + name + "..")
                  .should()
                  .dependOnClassesThat(others.and(DescribedPredicate.not(keysForSim))));
        });
    CompositeArchRule all = CompositeArchRule.of(rules.get(0));
    for (ArchRule rule : rules.subList(1, rules.size())) {
      all = all.and(rule);
    }
    return all;
  }
}
