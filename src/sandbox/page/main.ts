import { startPage } from './page.ts';

const root = document.getElementById('app');
if (root !== null) startPage(root);
