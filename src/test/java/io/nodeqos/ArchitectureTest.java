// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows between packages. A class that breaks one is in the wrong place. */
@AnalyzeClasses(packages = "io.nodeqos", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Every package may import these, which import none of ours. */
  private static final List<String> FOR_ALL = List.of("time", "thread", "yaml");

  /** Package to the packages of ours that it may import, besides those for all. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("time", List.of()),
          Map.entry("thread", List.of()),
          Map.entry("yaml", List.of()),
          Map.entry("text", List.of("node")),
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
              "kube",
              List.of(
                  "reconcile",
                  "explain",
                  "preview",
                  "election",
                  "events",
                  "node",
                  "policy",
                  "telemetry")),
          Map.entry("preview", List.of("node", "policy", "gate", "qos", "reconcile", "text")),
          Map.entry("explain", List.of("node", "policy", "gate", "reconcile", "preview", "text")),
          Map.entry("sim", List.of()));

  /** The rooms of a package: each to those of the same package that it may import. */
  private static final Map<String, List<String>> ROOMS =
      Map.ofEntries(
          Map.entry("app", List.of("app.leader", "app.memory", "app.view")),
          Map.entry("app.leader", List.of()),
          Map.entry("app.memory", List.of()),
          Map.entry("app.view", List.of()),
          Map.entry("election", List.of()),
          Map.entry("election.elector", List.of("election")),
          Map.entry("node", List.of("node.value")),
          Map.entry("node.plan", List.of("node", "node.value")),
          Map.entry("node.value", List.of()),
          Map.entry("policy", List.of("policy.spec", "policy.rollout")),
          Map.entry("policy.spec", List.of("policy.rollout")),
          Map.entry("policy.rollout", List.of()),
          Map.entry("kube.config", List.of()),
          Map.entry("kube.wire", List.of()),
          Map.entry("kube.codec", List.of("kube.wire")),
          Map.entry("kube.client", List.of("kube.config", "kube.codec", "kube.wire")),
          Map.entry("kube.watch", List.of("kube.client", "kube.codec", "kube.wire")),
          Map.entry(
              "kube.informer", List.of("kube.client", "kube.codec", "kube.wire", "kube.watch")),
          Map.entry(
              "kube.cache",
              List.of("kube.client", "kube.codec", "kube.wire", "kube.watch", "kube.informer")),
          Map.entry(
              "kube.snapshot", List.of("kube.client", "kube.codec", "kube.wire", "kube.watch")),
          Map.entry(
              "kube.dump",
              List.of("kube.client", "kube.codec", "kube.wire", "kube.watch", "kube.snapshot")),
          Map.entry("kube.write", List.of("kube.client", "kube.codec", "kube.wire")),
          Map.entry("kube.lease", List.of("kube.client", "kube.codec", "kube.wire", "kube.watch")),
          Map.entry("kube.forward", List.of("kube.client")),
          Map.entry("kube.events", List.of("kube.client", "kube.codec", "kube.write")),
          Map.entry("reconcile", List.of()),
          Map.entry("reconcile.plan", List.of("reconcile")),
          Map.entry("reconcile.brake", List.of("reconcile", "reconcile.plan")),
          Map.entry("reconcile.fleet", List.of("reconcile", "reconcile.plan")),
          Map.entry("reconcile.images", List.of("reconcile", "reconcile.plan")),
          Map.entry(
              "reconcile.policies",
              List.of(
                  "reconcile",
                  "reconcile.plan",
                  "reconcile.fleet",
                  "reconcile.brake",
                  "reconcile.images")),
          Map.entry(
              "reconcile.rollout", List.of("reconcile", "reconcile.fleet", "reconcile.policies")),
          Map.entry("reconcile.rollout.report", List.of("reconcile", "reconcile.rollout")),
          Map.entry(
              "reconcile.node",
              List.of(
                  "reconcile",
                  "reconcile.plan",
                  "reconcile.fleet",
                  "reconcile.brake",
                  "reconcile.images")),
          Map.entry(
              "reconcile.routing",
              List.of(
                  "reconcile",
                  "reconcile.fleet",
                  "reconcile.brake",
                  "reconcile.images",
                  "reconcile.policies")),
          Map.entry("explain", List.of("explain.answer", "explain.fleet")),
          Map.entry("explain.answer", List.of("explain.fleet")),
          Map.entry("explain.fleet", List.of()),
          Map.entry("preview", List.of()),
          Map.entry("preview.edit", List.of("preview")),
          Map.entry("preview.change", List.of("preview")),
          Map.entry("preview.warning", List.of("preview")),
          Map.entry(
              "preview.dryrun",
              List.of(
                  "preview", "preview.edit", "preview.change", "preview.warning", "preview.plan")),
          Map.entry(
              "preview.plan",
              List.of("preview", "preview.edit", "preview.change", "preview.warning")),
          Map.entry("telemetry", List.of("telemetry.metrics", "telemetry.logging")),
          Map.entry("telemetry.metrics", List.of()),
          Map.entry("telemetry.logging", List.of()),
          Map.entry("telemetry.tracing", List.of("telemetry.metrics", "telemetry.logging")),
          Map.entry(
              "cli",
              List.of(
                  "cli.command",
                  "cli.dump",
                  "cli.explain",
                  "cli.imports",
                  "cli.plan",
                  "cli.replica",
                  "cli.rollout",
                  "cli.status",
                  "cli.trace")),
          Map.entry("cli.dump", List.of("cli.command", "cli.replica")),
          Map.entry("cli.status", List.of("cli.command", "cli.replica")),
          Map.entry("cli.explain", List.of("cli.command", "cli.replica")),
          Map.entry("cli.imports", List.of()),
          Map.entry("cli.command", List.of()),
          Map.entry("cli.replica", List.of("cli.command")),
          Map.entry("cli.trace", List.of("cli.command")),
          Map.entry(
              "cli.demo",
              List.of("cli", "cli.command", "cli.trace", "cli.demo.cluster", "cli.demo.rollout")),
          Map.entry("cli.demo.cluster", List.of("cli")),
          Map.entry("cli.demo.rollout", List.of("cli.demo.cluster")),
          Map.entry("cli.simulate", List.of("cli", "cli.command", "cli.simulate.cluster")),
          Map.entry("cli.simulate.cluster", List.of()),
          Map.entry("cli.plan", List.of("cli.command")),
          Map.entry("cli.rollout", List.of("cli.command")),
          Map.entry("sim.model", List.of()),
          Map.entry("sim.table", List.of("sim.model")),
          Map.entry("sim.store", List.of("sim.model")),
          Map.entry("sim.patch", List.of("sim.model", "sim.store")),
          Map.entry("sim.rules", List.of("sim.model")),
          Map.entry("sim.request", List.of("sim.model", "sim.table", "sim.store")),
          Map.entry(
              "sim.resource",
              List.of(
                  "sim.model", "sim.table", "sim.store", "sim.patch", "sim.rules", "sim.request")),
          Map.entry(
              "sim.http",
              List.of("sim.model", "sim.store", "sim.rules", "sim.request", "sim.resource")),
          Map.entry("sim.fleet", List.of()),
          Map.entry(
              "sim.virtual",
              List.of(
                  "sim.model",
                  "sim.store",
                  "sim.rules",
                  "sim.request",
                  "sim.resource",
                  "sim.fleet")));

  @ArchTest static final ArchRule EACH_PACKAGE_IMPORTS_WHAT_IT_MAY = arrows();

  @ArchTest static final ArchRule EACH_ROOM_IMPORTS_WHAT_IT_MAY = rooms();

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.nodeqos.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_OF_ROOMS =
      slices().matching("io.nodeqos.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule CONFIG_KNOWS_ONLY_THE_SETTINGS_OF_OTHERS =
      noClasses()
          .that()
          .resideInAPackage("io.nodeqos.config")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.nodeqos..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage("io.nodeqos.config", "io.nodeqos.yaml")))
                  .and(DescribedPredicate.not(settingsRecord())));

  @ArchTest
  static final ArchRule APP_WIRES_EVERYTHING_BUT_THE_COMMANDS =
      noClasses()
          .that()
          .resideInAPackage("io.nodeqos.app..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.nodeqos.cli..", "io.nodeqos.sim.."));

  /** Neither is in the jar of the image. */
  @ArchTest
  static final ArchRule NOTHING_ELSE_IMPORTS_THE_DEMO_OR_THE_EMBEDDED_API =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.nodeqos.sim..", "io.nodeqos.cli.demo..", "io.nodeqos.cli.simulate..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.nodeqos.sim..", "io.nodeqos.cli.demo..", "io.nodeqos.cli.simulate.."));

  @ArchTest
  static final ArchRule ONLY_KUBE_AND_ELECTION_IMPORT_THE_KUBERNETES_CLIENT =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.nodeqos.kube..", "io.nodeqos.election..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.kubernetes..")
                  .and(DescribedPredicate.not(JavaClass.Predicates.simpleNameEndingWith("Queue"))));

  @ArchTest
  static final ArchRule ONLY_TELEMETRY_IMPORTS_PROMETHEUS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  @ArchTest
  static final ArchRule ONLY_TELEMETRY_IMPORTS_OPENTELEMETRY =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule ONLY_TIME_READS_THE_CLOCKS_OF_THE_MACHINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.time")
          .should()
          .accessTargetWhere(
              JavaAccess.Predicates.target(
                  HasName.AndFullName.Predicates.fullNameMatching(
                      "java\\.lang\\.System\\.(nanoTime|currentTimeMillis)\\(.*"
                          + "|java\\.time\\.(Clock\\.(system|tick)|[A-Za-z]*\\.now).*")));

  @ArchTest
  static final ArchRule ONLY_DAEMON_THREADS_MAKES_DAEMONS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nodeqos.thread")
          .should()
          .callMethod(Thread.class, "setDaemon", boolean.class);

  private static DescribedPredicate<JavaClass> settingsRecord() {
    return DescribedPredicate.describe(
        "settings",
        c ->
            c.getFullName().matches(".*\\.[A-Za-z]*Settings(\\$.*)?")
                || c.getFullName().equals("io.nodeqos.node.value.GoDuration")
                || c.getFullName().equals("io.nodeqos.node.StartupTaintPrefixes"));
  }

  private static ArchRule arrows() {
    List<ArchRule> rules = new ArrayList<>();
    MAY_IMPORT.forEach(
        (name, imports) -> {
          List<String> allowed = new ArrayList<>();
          allowed.add("io.nodeqos." + name + "..");
          imports.forEach(i -> allowed.add("io.nodeqos." + i + ".."));
          if (!FOR_ALL.contains(name)) {
            FOR_ALL.forEach(i -> allowed.add("io.nodeqos." + i));
          }
          DescribedPredicate<JavaClass> keysForSim = JavaClass.Predicates.equivalentTo(Keys.class);
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage("io.nodeqos." + name + "..")
                  .should()
                  .dependOnClassesThat(
                      outside("io.nodeqos..", allowed).and(DescribedPredicate.not(keysForSim))));
        });
    return all(rules);
  }

  private static ArchRule rooms() {
    List<ArchRule> rules = new ArrayList<>();
    ROOMS.forEach(
        (name, imports) -> {
          List<String> allowed = new ArrayList<>();
          allowed.add("io.nodeqos." + name);
          imports.forEach(i -> allowed.add("io.nodeqos." + i));
          String house = "io.nodeqos." + name.replaceAll("\\..*", "") + "..";
          rules.add(
              noClasses()
                  .that()
                  .resideInAPackage("io.nodeqos." + name)
                  .should()
                  .dependOnClassesThat(outside(house, allowed)));
        });
    return all(rules);
  }

  @Test
  void everyPackageIsListed() {
    Set<String> houses =
        ROOMS.keySet().stream().map(room -> room.replaceAll("\\..*", "")).collect(toSet());
    Set<String> rooms =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.nodeqos")
                .stream()
                .filter(c -> !c.getSimpleName().equals("package-info"))
                .map(c -> c.getPackageName().replaceFirst("^io\\.nodeqos\\.?", ""))
                .filter(room -> houses.contains(room.replaceAll("\\..*", "")))
                .collect(toSet());
    assertEquals(ROOMS.keySet(), rooms);
  }

  private static DescribedPredicate<JavaClass> outside(String house, List<String> allowed) {
    return resideInAPackage(house)
        .and(DescribedPredicate.not(resideInAnyPackage(allowed.toArray(String[]::new))));
  }

  private static ArchRule all(List<ArchRule> rules) {
    CompositeArchRule all = CompositeArchRule.of(rules.get(0));
    for (ArchRule rule : rules.subList(1, rules.size())) {
      all = all.and(rule);
    }
    return all;
  }
}
