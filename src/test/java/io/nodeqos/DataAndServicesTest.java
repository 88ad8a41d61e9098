// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.nodeqos.app.App;
import java.util.List;
import java.util.Set;

/**
 * Records are data, services are final classes with few collaborators. A type of ours is data when
 * it is a record, an enum, sealed, or has an {@code equals} of its own; every other one is a
 * service. Of other types, functions and tasks are services, and all that is not in a package of
 * plain values.
 */
@AnalyzeClasses(packages = "io.nodeqos", importOptions = ImportOption.DoNotIncludeTests.class)
class DataAndServicesTest {
  private static final int MAX_PARAMETERS = 6;

  private static final Set<String> PACKAGES_OF_VALUES =
      Set.of(
          "java.lang",
          "java.math",
          "java.net",
          "java.nio.file",
          "java.security",
          "java.security.cert",
          "java.time",
          "java.util",
          "com.google.gson");

  private static final Set<String> SERVICES =
      Set.of("java.lang.Runnable", "java.lang.Thread", "java.lang.ClassLoader");

  @ArchTest
  static final ArchRule CONSTRUCTORS_HAVE_FEW_PARAMETERS =
      classes()
          .that(DescribedPredicate.describe("are not records", c -> !c.isRecord()))
          .should(haveConstructorsWithFewParameters());

  @ArchTest
  static final ArchRule RECORDS_ARE_DATA =
      classes()
          .that(DescribedPredicate.describe("are records", JavaClass::isRecord))
          .should(beData());

  /** App only asks for the list. */
  @ArchTest
  static final ArchRule WIRINGS_ARE_HANDED_TO_NO_OTHER_CLASS =
      noClasses()
          .that(DescribedPredicate.not(belongToAnyOf(App.class)).and(areNoWirings()))
          .should()
          .dependOnClassesThat(simpleNameEndingWith("Wiring"));

  private static DescribedPredicate<JavaClass> areNoWirings() {
    return DescribedPredicate.describe(
        "are no wirings", type -> !type.getName().matches(".*Wiring(\\$.*)?"));
  }

  private static ArchCondition<JavaClass> haveConstructorsWithFewParameters() {
    return new ArchCondition<>("have constructors with at most " + MAX_PARAMETERS + " parameters") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaConstructor constructor : type.getConstructors()) {
          if (constructor.getRawParameterTypes().size() > MAX_PARAMETERS) {
            events.add(SimpleConditionEvent.violated(type, constructor.getFullName()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> beData() {
    return new ArchCondition<>("have no more services than data among their components") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (isBundle(type)) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getFullName() + " bundles services: " + services(type)));
        }
      }
    };
  }

  private static boolean isBundle(JavaClass type) {
    return type.isRecord() && 2 * services(type).size() > components(type).size();
  }

  private static List<JavaField> components(JavaClass type) {
    return type.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .toList();
  }

  private static List<String> services(JavaClass type) {
    return components(type).stream()
        .filter(component -> isService(component, type))
        .map(JavaField::getName)
        .toList();
  }

  /** A collection of services is one, too, and so is a record that bundles them. */
  private static boolean isService(JavaField component, JavaClass owner) {
    return component.getAllInvolvedRawTypes().stream()
        .map(JavaClass::getBaseComponentType)
        // A tree has components of its own type.
        .filter(type -> !type.equals(owner))
        .anyMatch(type -> !isData(type) || isBundle(type));
  }

  private static boolean isData(JavaClass type) {
    if (type.isPrimitive()) {
      return true;
    }
    if (!type.getPackageName().startsWith("io.nodeqos")) {
      return PACKAGES_OF_VALUES.contains(type.getPackageName())
          && !SERVICES.contains(type.getFullName());
    }
    return type.isRecord()
        || type.isEnum()
        || type.reflect().isSealed()
        || type.tryGetMethod("equals", Object.class).isPresent();
  }
}
