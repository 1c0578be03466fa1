"""Let go of what strangers wrote, once it is not needed for reading the file any more."""

from uuid import UUID

from tenants.scope import execute


async def forget_cells(batch_id: UUID) -> None:
    """Of its columns only the names stay, not the cells that were shown to tell them by."""
    await execute(
        """UPDATE report_batch SET columns = (
               SELECT jsonb_agg(jsonb_build_object(
                   'name', one->'name', 'samples', '[]'::jsonb, 'values', NULL))
               FROM jsonb_array_elements(columns) AS one)
           WHERE id = $1 AND columns IS NOT NULL""",
        batch_id,
    )


async def forget_content(batch_id: UUID) -> None:
    """Everything but that it was there, who sent it and what its columns were called."""
    await forget_cells(batch_id)
    await execute("DELETE FROM batch_error WHERE batch_id = $1", batch_id)
    await execute("DELETE FROM batch_chunk WHERE batch_id = $1", batch_id)
    await execute("DELETE FROM batch_file WHERE batch_id = $1", batch_id)
