"""Archives of Apple Health as phones of other languages and older systems write them."""

import io
import zipfile

import pytest

from adapters.health_files.formats import read_apple
from adapters.health_files.records import BadFileError

TYPE = "<!ELEMENT HealthData (Record*)>"

RECORD = (
    '<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Ada\v\'s iPhone" unit="count" '
    'startDate="2026-01-31 07:30:00 +0100" endDate="2026-01-31 07:31:00 +0100" value="{}"/>'
)

WITHOUT_BRACKET = """<!ATTLIST VisionPrescription
  type             CDATA #REQUIRED
  brand            CDATA #IMPLIED
<!ELEMENT RightEye EMPTY>
"""
"""A part of the document type of iOS 16, in which one `>` is missing."""


def archive(name: str, document_type: str = TYPE, steps: int = 42) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        file.writestr(
            f"apple_health_export/{name}",
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: 12 -->\n{document_type}\n]>\n"
            f'<HealthData locale="en_US">{RECORD.format(steps) * 2}</HealthData>',
        )
    return content


@pytest.mark.parametrize("name", ["export.xml", "exportar.xml", "eksport.xml", "导出.xml"])
def test_the_file_is_found_by_its_content(name: str) -> None:
    """R-HLT-03: its name is in the language of the phone."""
    assert [each.value for each in read_apple(archive(name))] == [42, 42]


def test_an_archive_without_records_is_refused() -> None:
    """R-HLT-03"""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
    with pytest.raises(BadFileError):
        list(read_apple(content))


def test_a_damaged_document_type_and_control_characters_are_left_out() -> None:
    """R-HLT-03: as iOS 16 writes them."""
    (first, _) = read_apple(archive("export.xml", TYPE + WITHOUT_BRACKET))
    assert (first.metric, first.value, first.device) == ("steps", 42, "Ada's iPhone")
