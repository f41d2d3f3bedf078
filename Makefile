# make demo       build, start the reference endpoint, run the suites against it, write reports/out/
# make check      build and run every test            VARIANT=release|debug|san|cov|fuzz   CC=gcc|clang   WERROR=1
# make compile    build all that is C, tests and benchmarks too
# make fuzz       run libFuzzer on the program itself, FUZZ_TIME seconds a target (needs clang); fuzz-planted tests the targets,
#                 fuzz-score what `chatconform fuzz` finds (SEEDS=10, some minutes)
# make bench      compare the validator with json-c    make install PREFIX= DESTDIR=        make deps   install what is missing
# make coverage   how much of the library the tests run (gcovr)
# make docs       write the rule manual, the manual pages, the table of coverage and the derived fixtures from the tables
VARIANT ?= release
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^\#define CC_VERSION "\(.*\)"/\1/p' validator/include/chatconform.h)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))

OPT_release := -O2 -g
OPT_debug := -O0 -g
OPT_san := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_cov := -O0 -g --coverage
OPT_fuzz := -O1 -g -fsanitize=address,undefined,fuzzer-no-link
# In a table an absent column is zero, so missing initialisers are the point of it.
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
        -Wcast-qual -Wvla -Wformat=2 -Wno-missing-field-initializers $(if $(WERROR),-Werror)
INCLUDES := -Ivalidator/include -I.
ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -fPIC $(OPT_$(VARIANT)) $(WARN) $(INCLUDES) $(PKG_CFLAGS) -MMD -MP $(CFLAGS)

# One set of objects for each variant and compiler, so that switching rebuilds nothing twice.
O := build/$(VARIANT)$(if $(filter clang%,$(CC)),-clang)
PACKAGES := libcurl json-c yaml-0.1 libmicrohttpd libpcre2-8 check

lib_src := $(wildcard validator/lib/*.c validator/api/*.c)
app_src := $(wildcard harness/*.c harness/*/*.c endpoint/*.c fuzzer/*.c reports/*.c)
test_src := $(wildcard tests/test_*.c)
fuzz_src := $(filter-out tests/fuzz/libfuzzer.c,$(wildcard tests/fuzz/*.c))
# Small programs: they print what is generated from the tables, or what other programs give their opinion on.
tool_src := $(wildcard docs/*.c fixtures/*.c tests/opinions/*.c)
lib_obj := $(lib_src:%.c=$O/%.o)
app_obj := $(app_src:%.c=$O/%.o)
fuzz_obj = $O/tests/fuzz/libfuzzer.o $(fuzz_src:%.c=$O/%.o) $(filter-out $O/harness/main.o,$(app_obj)) $(lib_obj)
test_bin := $(test_src:tests/%.c=$O/tests/%)
tool_bin := $(tool_src:%.c=$O/%)

# V=1 shows the commands. Both cores are used unless -j says otherwise.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-3s %s\n' '$(1)' '$(2)')
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

.PHONY: all compile demo check test fuzz fuzz-run fuzz-planted fuzz-planted-run fuzz-score bench coverage deps install docs clean
.DELETE_ON_ERROR:
.SECONDARY:
all: build/chatconform $O/libchatconform.so

# What pkg-config says is asked once; the rule first installs what is missing, so each command below works on a bare machine.
build/flags.mk: Makefile
	@./deps.sh
	@mkdir -p build
	@printf 'PKG_CFLAGS := %s\nLIB_LIBS := %s\nAPP_LIBS := %s\nTEST_LIBS := %s\n' "$$(pkg-config --cflags $(PACKAGES))" \
	  "$$(pkg-config --libs json-c libpcre2-8)" "$$(pkg-config --libs libcurl yaml-0.1 libmicrohttpd json-c libpcre2-8)" \
	  "$$(pkg-config --libs check)" >$@
ifneq ($(filter-out clean deps,$(or $(MAKECMDGOALS),all)),)
include build/flags.mk
endif

deps:
	@./deps.sh

$O/%.o: %.c build/flags.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$Q$(CC) $(ALL_CFLAGS) -c -o $@ $<

# One object with only the public names left: whoever links the library may call a function of their own `blame`.
$O/libchatconform.a: $(lib_obj)
	$(call say,AR,$@)
	$Qrm -f $@ && ld -r -o $O/libchatconform.o $^ && objcopy --wildcard --keep-global-symbol='cc_*' $O/libchatconform.o && ar rcs $@ $O/libchatconform.o

$O/libchatconform.so: $O/libchatconform.a
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -shared -Wl,-soname,libchatconform.so.$(SOVERSION) -o $@ $O/libchatconform.o $(LDFLAGS) $(LIB_LIBS) -lm

$O/chatconform: $(app_obj) $O/libchatconform.a
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -o $@ $^ $(LDFLAGS) $(APP_LIBS) -lm -lpthread

build/chatconform: $O/chatconform FORCE
	@cmp -s $< $@ || { cp $< $@.new && mv $@.new $@; }
.PHONY: FORCE

# Each tests/test_X.c is one program; it links everything but the program's main, the library's inner names included.
$O/tests/test_%: $O/tests/test_%.o $O/tests/testing.o $(filter-out $O/harness/main.o,$(app_obj)) $(lib_obj)
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -o $@ $^ $(LDFLAGS) $(APP_LIBS) $(TEST_LIBS) -lm -lpthread

$O/tests/test_fuzz_corpus: $(fuzz_src:%.c=$O/%.o)

$(tool_bin): %: %.o $(filter-out $O/harness/main.o,$(app_obj)) $(lib_obj)
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -o $@ $^ $(LDFLAGS) $(APP_LIBS) -lm -lpthread

# All that is C, the benchmarks and what only libFuzzer starts too: nothing may stop compiling unseen.
compile: all $(test_bin) $(tool_bin) $O/bench/bench $O/bench/fuzz $O/tests/fuzz/libfuzzer.o

check test: compile
	@VARIANT=$(VARIANT) BUILD=$O CC=$(CC) tests/run.sh

# What is generated from the tables, and committed. The table of coverage needs the catalogue, which lies beside the repository.
docs: $(tool_bin) $O/chatconform
	$O/docs/manual >docs/rules.md
	$O/docs/manual files >docs/rules-files.md
	$(if $(CHATCONFORM_SHARED),$O/docs/coverage $(CHATCONFORM_SHARED) >docs/coverage.md)
	$O/chatconform mutate --quiet --format markdown >docs/mutation.md
	$O/chatconform schema suite >suites/suite.schema.json
	$O/chatconform schema target >suites/target.schema.json
	$O/docs/man docs/man/chatconform.1.in >docs/man/chatconform.1
	$O/docs/man docs/man/libchatconform.3.in validator/include/chatconform.h >docs/man/libchatconform.3
	@mkdir -p fixtures/derived
	$O/fixtures/derive fixtures/derived

# How much of the library (validator/) the tests run, by lines and branches. Needs gcovr.
coverage:
	@command -v gcovr >/dev/null || { echo "make coverage: gcovr is missing (Debian: apt-get install gcovr)" >&2; exit 1; }
	@rm -rf build/cov
	$(MAKE) VARIANT=cov check
	gcovr --root . --filter 'validator/' --print-summary --html-details build/cov/coverage.html build/cov/validator

demo: build/chatconform
	build/chatconform run
	xmllint --noout --schema reports/chatconform-junit.xsd reports/out/junit.xml

$O/bench/bench: $O/bench/bench.o $O/bench/corpus.o $O/libchatconform.a
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -o $@ $^ $(LDFLAGS) $(LIB_LIBS) -lm

$O/bench/fuzz: $O/bench/fuzz.o $(filter $O/fuzzer/% $O/harness/base/%,$(app_obj)) $O/libchatconform.a
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -o $@ $^ $(LDFLAGS) $(LIB_LIBS) -lm

bench: $O/bench/bench $O/bench/fuzz build/chatconform
	$O/bench/bench
	$O/bench/fuzz
	@BUILD=$O bench/peers.sh
	@BUILD=$O bench/run.sh

# libFuzzer on this program itself: each target for FUZZ_TIME seconds. Inputs that are worth keeping go to build/; what is committed is
# replayed by make check. fuzz-planted breaks each target's promise on purpose and sees whether it notices.
FUZZ_TIME ?= 20
fuzz fuzz-planted:
	$(MAKE) VARIANT=fuzz CC=clang $@-run

fuzz-run: $O/tests/fuzz/fuzzer
	@FUZZER=$< FUZZ_TIME=$(FUZZ_TIME) tests/fuzz/run.sh $(FUZZ_NAMES)

fuzz-planted-run: $O/tests/fuzz/fuzzer
	@FUZZER=$< CC='$(CC)' CFLAGS='$(filter-out -MMD -MP,$(ALL_CFLAGS))' OBJECTS='$(fuzz_obj)' LIBS='$(LDFLAGS) $(APP_LIBS) -lm -lpthread' \
	  tests/fuzz/planted.sh $(FUZZ_NAMES)

# The fuzzer of requests against the defects of the reference endpoint: which it finds, from how many seeds, and how small they become.
# DEFECTS= takes some only.
fuzz-score: build/chatconform
	@BUILD=$O tests/fuzz/score.sh $(DEFECTS)

$O/tests/fuzz/fuzzer: $(fuzz_obj)
	$(call say,LD,$@)
	$Q$(CC) $(OPT_$(VARIANT)) -fsanitize=fuzzer -o $@ $^ $(LDFLAGS) $(APP_LIBS) -lm -lpthread

install: all
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 docs/man/chatconform.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 docs/man/libchatconform.3 $(DESTDIR)$(PREFIX)/share/man/man3/
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/share/chatconform
	install -m 755 build/chatconform $(DESTDIR)$(PREFIX)/bin/
	install -m 644 validator/include/chatconform.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $O/libchatconform.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $O/libchatconform.so $(DESTDIR)$(PREFIX)/lib/libchatconform.so.$(VERSION)
	ln -sf libchatconform.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libchatconform.so.$(SOVERSION)
	ln -sf libchatconform.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libchatconform.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' validator/chatconform.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/chatconform.pc
	cp -r suites endpoint/mutants $(DESTDIR)$(PREFIX)/share/chatconform/

clean:
	rm -rf build reports/out

-include $(wildcard $O/*/*.d $O/*/*/*.d)
