import type { AttributeView } from '../../messages.ts';
import { AttributeForm } from './attribute-form.tsx';
import { OwnForm } from './own-form.tsx';

/** The form for whatever this is: of the vocabulary, a shop's question, or one of the person's own. */
export function AttributeEditor(props: {
  attribute: AttributeView;
  onSaved: (next: AttributeView) => void;
  onCancel: () => void;
}) {
  return props.attribute.classId === 'own' ? <OwnForm {...props} /> : <AttributeForm {...props} />;
}
