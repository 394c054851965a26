package org.noprop.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A section of the configuration, read value by value. A value that breaks its rule adds a sentence to the
 * list of problems and reads as a value inside the rule, so that reading goes on and finds the others.
 */
final class Settings {
    private final String path;
    private final ConfigObject values;
    private final List<String> problems;

    Settings(String path, ConfigObject values, List<String> problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    /** The section below {@code key}. */
    Settings section(String key) {
        return new Settings(pathOf(key), (ConfigObject) values.get(key), problems);
    }

    /** Whether {@code key} has a value other than null. */
    boolean isSet(String key) {
        return values.get(key).valueType() != ConfigValueType.NULL;
    }

    /** A whole number in {@code range}, at most 2147483647. */
    int wholeNumber(String key, Range range) {
        long number = largeNumber(key, range);
        if (number > Integer.MAX_VALUE) {
            invalid(key, "must be <= " + Integer.MAX_VALUE);
            return Integer.MAX_VALUE;
        }
        return (int) number;
    }

    /** true or false. */
    boolean flag(String key) {
        return parse(key, "must be true or false", text -> {
                    if (!text.equals("true") && !text.equals("false")) {
                        throw new IllegalArgumentException(text);
                    }
                    return text.equals("true");
                })
                .orElse(false);
    }

    /** Any whole number of 64 bits. */
    long seed(String key) {
        return largeNumber(key, Range.closed(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private long largeNumber(String key, Range range) {
        return parse(key, "must be a whole number", text -> new BigDecimal(text).longValueExact())
                .filter(number -> within(key, number, range))
                .orElse((long) range.least());
    }

    /** A finite number in {@code range}. */
    double number(String key, Range range) {
        return parse(key, "must be a number", text -> new BigDecimal(text).doubleValue())
                .filter(number -> within(key, number, range))
                .orElse(range.least());
    }

    /** As {@link #number}, or nothing where the value is null. */
    OptionalDouble optionalNumber(String key, Range range) {
        return isSet(key) ? OptionalDouble.of(number(key, range)) : OptionalDouble.empty();
    }

    private boolean within(String key, double number, Range range) {
        boolean inside = range.contains(number);
        if (!inside) {
            invalid(key, "must be " + range);
        }
        return inside;
    }

    /** Whole numbers in {@code range}, at least one of them. */
    List<Integer> wholeNumbers(String key, Range range) {
        return wholeNumbers(
                        key,
                        numbers -> !numbers.isEmpty() && numbers.stream().allMatch(range::contains),
                        "must be a list of whole numbers, each " + range + ", at least one")
                .orElse(List.of((int) range.least()));
    }

    /** Whole numbers that are all right together; nothing where they are not. */
    Optional<List<Integer>> wholeNumbers(String key, Predicate<List<Integer>> right, String rule) {
        try {
            List<Integer> numbers = values.toConfig().getIntList(key);
            if (right.test(numbers)) {
                return Optional.of(List.copyOf(numbers));
            }
            invalid(key, rule);
        } catch (ConfigException e) {
            invalid(key, rule);
        }
        return Optional.empty();
    }

    /** A duration above zero, such as 90s or 5 minutes. */
    Duration duration(String key) {
        String rule = "must be a duration above zero such as 120s";
        try {
            Duration duration = values.toConfig().getDuration(key);
            if (duration.compareTo(Duration.ZERO) > 0) {
                return duration;
            }
            invalid(key, rule);
        } catch (ConfigException e) {
            invalid(key, rule);
        }
        return Duration.ofSeconds(1);
    }

    /** A number of bytes above zero, such as 512 MiB, or nothing where the value is null. */
    Optional<Long> optionalBytes(String key) {
        String rule = "must be a size above zero such as 512 MiB";
        if (!isSet(key)) {
            return Optional.empty();
        }
        try {
            long bytes = values.toConfig().getBytes(key);
            if (bytes > 0) {
                return Optional.of(bytes);
            }
            invalid(key, rule);
        } catch (ConfigException e) {
            invalid(key, rule);
        }
        return Optional.empty();
    }

    /** A text that is not empty. */
    String text(String key) {
        return parse(key, "must be a text", Function.identity())
                .filter(text -> {
                    if (text.isBlank()) {
                        invalid(key, "must not be empty");
                    }
                    return !text.isBlank();
                })
                .orElse("unset");
    }

    /** A text that is not empty, or nothing where the value is null. */
    Optional<String> optionalText(String key) {
        return isSet(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** One of the constants of an enum, written in kebab-case. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        List<E> choices = List.of(type.getEnumConstants());
        String names = choices.stream().map(Settings::kebab).collect(Collectors.joining(", "));
        String rule = (choices.size() == 1 ? "must be " : "must be one of ") + names;
        return parse(key, rule, text -> choices.stream()
                        .filter(choice -> kebab(choice).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(text)))
                .orElse(choices.get(0));
    }

    /** A list of an enum's constants, written in kebab-case, at least one and each once; a single one may stand alone. */
    <E extends Enum<E>> List<E> choices(String key, Class<E> type) {
        Map<String, E> byName = Stream.of(type.getEnumConstants())
                .collect(Collectors.toMap(Settings::kebab, choice -> choice, (a, b) -> a, LinkedHashMap::new));
        ConfigValue value = values.get(key);
        List<?> given = value instanceof ConfigList list ? list.unwrapped() : List.of(shown(value));
        List<String> names = given.stream().map(String::valueOf).toList();
        if (names.isEmpty()
                || !byName.keySet().containsAll(names)
                || Set.copyOf(names).size() < names.size()) {
            invalid(key, "must be a list of " + String.join(", ", byName.keySet()) + ", at least one, each once");
            return List.of(type.getEnumConstants()[0]);
        }
        return names.stream().map(byName::get).toList();
    }

    /** The name of an enum's constant as the configuration writes it: {@code one-hot} for ONE_HOT. */
    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <V> Optional<V> parse(String key, String rule, Function<String, V> parser) {
        ConfigValue value = values.get(key);
        try {
            return Optional.of(parser.apply(scalar(value)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            invalid(key, rule);
            return Optional.empty();
        }
    }

    private static String scalar(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT, LIST, NULL -> throw new IllegalArgumentException("not a single value");
            case STRING, NUMBER, BOOLEAN -> String.valueOf(value.unwrapped());
        };
    }

    /** Adds the problem that the value of {@code key} breaks {@code rule} ("must be …"). */
    void invalid(String key, String rule) {
        problems.add(invalid(pathOf(key), values.get(key), rule));
    }

    /** Adds the problem that {@code value}, derived because {@code key} is not set, breaks {@code rule}. */
    void invalid(String key, String value, String rule) {
        problems.add("Invalid " + pathOf(key) + ": " + value + " (" + rule + ")" + Origins.suffix(values.get(key)));
    }

    /** The sentence for a value that breaks a rule. */
    static String invalid(String path, ConfigValue value, String rule) {
        return "Invalid " + path + ": " + shown(value) + " (" + rule + ")" + Origins.suffix(value);
    }

    /** Adds the problem that {@code key} must be set because of what {@code reason} says. */
    void missing(String key, String remedy, String reason) {
        problems.add("Missing " + pathOf(key) + " (" + remedy + ")" + Origins.suffix(values.get(reason)));
    }

    private static String shown(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                ? String.valueOf(value.unwrapped())
                : value.render(ConfigRenderOptions.concise());
    }

    private String pathOf(String key) {
        return path + "." + key;
    }
}
