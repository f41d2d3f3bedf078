/* test_reports_files.c: a report is on disk whole or not at all, and why not is one sentence. */
#include "tests/reporting.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char folder[256], why[512];

static void make_folder(void)
{
    const char *root = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/chatconform-reports-XXXXXX", root && *root ? root : P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    why[0] = '\0';
}

static void remove_folder(void)
{
    char tool[] = "rm", flag[] = "-rf", output[256];
    char *const argv[] = {tool, flag, folder, NULL};
    ck_assert_int_eq(run_tool(argv, "", 0, output, sizeof output), 0);
}

static size_t files_in(const char *path)
{
    char tool[] = "find", name[512], type[] = "-type", file[] = "f", output[4096];
    snprintf(name, sizeof name, "%s", path);
    char *const argv[] = {tool, name, type, file, NULL};
    ck_assert_int_eq(run_tool(argv, "", 0, output, sizeof output), 0);
    return count_of(output, "\n");
}

static const char *below(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool write_marked(FILE *out, const struct run_result *run)
{
    (void)run;
    return fputs("whole\n", out) >= 0;
}

static bool write_half(FILE *out, const struct run_result *run)
{
    (void)run;
    fputs("half", out);
    errno = ENOMEM;
    return false;
}

static bool write_much(FILE *out, const struct run_result *run)
{
    (void)run;
    for (int i = 0; i < 100000; i++)
        fputs("0123456789", out);
    return !ferror(out);
}

static const struct report_writer marked = {"marked", "", write_marked}, half = {"half", "", write_half}, much = {"much", "", write_much};
static const struct run_result nothing = {0};

static void assert_content(const char *path, const char *expected)
{
    size_t length;
    char *text = testing_file(path, &length);
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(a_report_is_whole_and_its_folders_are_made)
{
    make_folder();
    umask(022);
    ck_assert_msg(report_write(&marked, &nothing, below("a/b/c/report"), why, sizeof why), "%s", why);
    assert_content(below("a/b/c/report"), "whole\n");
    struct stat about;
    ck_assert_int_eq(stat(below("a/b/c/report"), &about), 0);
    ck_assert_uint_eq(about.st_mode & 07777, 0644);
    ck_assert_msg(report_write(&marked, &nothing, below("a/b/c/report"), why, sizeof why), "%s", why); /* over the old one */
    ck_assert_uint_eq(files_in(folder), 1);
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_msg(report_write(&marked, &nothing, "bare", why, sizeof why), "%s", why);
    assert_content("bare", "whole\n");
    remove_folder();
}
END_TEST

START_TEST(a_failed_report_leaves_the_old_one)
{
    make_folder();
    ck_assert(report_write(&marked, &nothing, below("report"), why, sizeof why));
    ck_assert(!report_write(&half, &nothing, below("report"), why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "cannot write the half report"));
    ck_assert_ptr_nonnull(strstr(why, "memory"));
    assert_content(below("report"), "whole\n");
    ck_assert(!report_write(&half, &nothing, below("new"), why, sizeof why));
    ck_assert_int_ne(access(below("new"), F_OK), 0);
    ck_assert_uint_eq(files_in(folder), 1);
    remove_folder();
}
END_TEST

/* In a process of its own, because the limit would hit the test's own files too. Answers 0 when the report failed and said so. */
static int write_over_limit(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit limit = {4096, 4096};
        signal(SIGXFSZ, SIG_IGN);
        bool failed = setrlimit(RLIMIT_FSIZE, &limit) == 0 && !report_write(&much, &nothing, path, why, sizeof why);
        _exit(failed && strstr(why, "cannot write the much report") ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(a_file_that_cannot_grow_is_one_sentence)
{
    make_folder();
    ck_assert_int_eq(write_over_limit(below("report")), 0);
    ck_assert_int_ne(access(below("report"), F_OK), 0);
    ck_assert_uint_eq(files_in(folder), 0);
    remove_folder();
}
END_TEST

START_TEST(a_full_disk_is_one_sentence)
{
    struct run_result run = make_run("x");
    for (const struct report_writer *writer = report_writers; writer->name; writer++) {
        ck_assert_msg(!report_write(writer, &run, "/dev/full", why, sizeof why), "%s", writer->name);
        char *expected = words("cannot write the %s report /dev/full: No space left on device", writer->name);
        ck_assert_str_eq(why, expected);
        free(expected);
    }
    run_result_clear(&run);
    struct stat about;
    ck_assert_int_eq(stat("/dev/full", &about), 0);
    ck_assert(S_ISCHR(about.st_mode)); /* not replaced by a file */
}
END_TEST

START_TEST(a_bad_path_is_one_sentence)
{
    make_folder();
    ck_assert(!report_write(&marked, &nothing, folder, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "Is a directory"));
    ck_assert(report_write(&marked, &nothing, below("file"), why, sizeof why));
    ck_assert(!report_write(&marked, &nothing, below("file/report"), why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "Not a directory"));
    ck_assert(!report_write(&marked, &nothing, "", why, sizeof why));
    ck_assert_ptr_null(strchr(why, '\n'));
    ck_assert_int_eq(mkdir(below("closed"), 0555), 0);
    char path[600];
    snprintf(path, sizeof path, "%s", below("closed/sub/report"));
    ck_assert_int_eq(chmod(folder, 0755), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(seteuid(65534), 0);
    ck_assert(!report_write(&marked, &nothing, path, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "cannot make the folder of the marked report"));
    ck_assert_msg(strstr(why, "Permission denied") != NULL, "%s", why);
    ck_assert(!report_write(&marked, &nothing, below("closed/report"), why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "Permission denied"));
    if (getuid() == 0)
        ck_assert_int_eq(seteuid(0), 0);
    remove_folder();
}
END_TEST

START_TEST(a_link_stays_a_link)
{
    make_folder();
    char real[600];
    snprintf(real, sizeof real, "%s", below("real"));
    ck_assert(report_write(&half, &nothing, real, why, sizeof why) == false);
    ck_assert(report_write(&marked, &nothing, real, why, sizeof why));
    ck_assert_int_eq(symlink("real", below("link")), 0);
    ck_assert_msg(report_write(&marked, &nothing, below("link"), why, sizeof why), "%s", why);
    struct stat about;
    ck_assert_int_eq(lstat(below("link"), &about), 0);
    ck_assert(S_ISLNK(about.st_mode));
    assert_content(real, "whole\n");
    remove_folder();
}
END_TEST

/* A process that dies in the middle leaves nothing under the report's name. */
static bool write_and_die(FILE *out, const struct run_result *run)
{
    (void)run;
    fputs("half", out);
    fflush(out);
    kill(getpid(), SIGKILL);
    return true;
}

START_TEST(a_killed_run_leaves_no_half_report)
{
    static const struct report_writer dying = {"dying", "", write_and_die};
    make_folder();
    ck_assert(report_write(&marked, &nothing, below("report"), why, sizeof why));
    pid_t child = fork();
    if (child == 0) {
        report_write(&dying, &nothing, below("report"), why, sizeof why);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_content(below("report"), "whole\n");
    remove_folder();
}
END_TEST

static Suite *reports_files_suite(void)
{
    Suite *suite = suite_create("reports_files");
    TCase *tests = tcase_create("reports_files");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_report_is_whole_and_its_folders_are_made);
    tcase_add_test(tests, a_failed_report_leaves_the_old_one);
    tcase_add_test(tests, a_file_that_cannot_grow_is_one_sentence);
    tcase_add_test(tests, a_full_disk_is_one_sentence);
    tcase_add_test(tests, a_bad_path_is_one_sentence);
    tcase_add_test(tests, a_link_stays_a_link);
    tcase_add_test(tests, a_killed_run_leaves_no_half_report);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reports_files_suite)
